package io.railhead.app.trackers;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.protos.trackers.tensorboard.Event;
import io.railhead.protos.trackers.tensorboard.SessionLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardTrackerTest {
    @TempDir
    Path directory;

    @Test
    void readersSeeEveryStepOnce() throws IOException {
        TensorBoardTracker tracker = tracker();
        assertThat(tracker.open()).isZero();
        tracker.add(Lines.steps(1, 3));
        tracker.add(Lines.steps(4, 5));
        tracker.close();

        assertThat(shown("reward/mean")).isEqualTo(Map.of(1L, 1f, 2L, 2f, 3L, 3f, 4L, 4f, 5L, 5f));
        assertThat(shown("loss/total")).hasSize(5).containsEntry(5L, -0.5f);
        Event third = events().stream()
                .filter(event -> event.getStep() == 3)
                .findFirst()
                .orElseThrow();
        assertThat(third.getWallTime()).isEqualTo((double) (Lines.START.getEpochSecond() + 3));
    }

    @Test
    void goesOnAfterTheStepsThatAreThere() throws IOException {
        TensorBoardTracker first = tracker();
        first.open();
        first.add(Lines.steps(1, 3));
        first.close();

        TensorBoardTracker second = tracker();
        assertThat(second.open()).isEqualTo(3);
        second.add(Lines.steps(4, 4));
        second.close();

        assertThat(shown("reward/mean")).containsOnlyKeys(1L, 2L, 3L, 4L);
    }

    @Test
    void whatDidNotHappenIsForgotten() throws IOException {
        TensorBoardTracker tracker = tracker();
        tracker.open();
        tracker.add(Lines.steps(1, 6));
        assertThat(tracker.rewind(2)).isEqualTo(2);
        tracker.add(List.of(new TrackedStep(3, Lines.START, "judging", Map.of("reward/mean", 33.0))));
        tracker.close();

        assertThat(shown("reward/mean")).isEqualTo(Map.of(1L, 1f, 2L, 2f, 3L, 33f));
    }

    @Test
    void aTornFileEndsWhereItIsWhole() throws IOException {
        TensorBoardTracker first = tracker();
        first.open();
        first.add(Lines.steps(1, 2));
        first.close();
        Path file = files().getFirst();
        Files.write(file, new byte[] {9, 0, 0, 0, 0}, StandardOpenOption.APPEND);

        TensorBoardTracker second = tracker();
        assertThat(second.open()).isEqualTo(2);
        second.close();
    }

    @Test
    void theFirstRecordNamesTheFormatAndTheConfigurationIsAText() throws IOException {
        TensorBoardTracker tracker = tracker();
        tracker.open();
        tracker.close();

        assertThat(events().getFirst().getFileVersion()).isEqualTo("brain.Event:2");
        assertThat(events().getLast()
                        .getSummary()
                        .getValue(0)
                        .getTensor()
                        .getStringVal(0)
                        .toStringUtf8())
                .contains("seed = 1");
    }

    /// CRC-32C of "123456789" is 0xe3069283 (RFC 3720); masked by hand.
    @Test
    void recordsHaveTheMaskedCrc() {
        byte[] data = "123456789".getBytes(StandardCharsets.UTF_8);
        int crc = 0xe3069283;
        assertThat(RecordFile.masked(data, 0, data.length)).isEqualTo(((crc >>> 15) | (crc << 17)) + 0xa282ead8);
    }

    private TensorBoardTracker tracker() {
        return new TensorBoardTracker(directory, "seed = 1\n", () -> Lines.START);
    }

    /// What a reader makes of the files: a START forgets its step and what is after it.
    private Map<Long, Float> shown(String tag) throws IOException {
        TreeMap<Long, Float> shown = new TreeMap<>();
        for (Event event : events()) {
            if (event.getSessionLog().getStatus() == SessionLog.SessionStatus.START) {
                shown.tailMap(event.getStep(), true).clear();
            }
            event.getSummary().getValueList().stream()
                    .filter(value -> value.getTag().equals(tag))
                    .forEach(value -> assertThat(shown.put(event.getStep(), value.getSimpleValue()))
                            .isNull());
        }
        return shown;
    }

    private List<Event> events() throws IOException {
        List<Event> events = new ArrayList<>();
        for (Path file : files()) {
            try (RecordFile records = RecordFile.read(file)) {
                for (Optional<byte[]> data = records.next(); data.isPresent(); data = records.next()) {
                    events.add(Event.parseFrom(data.get()));
                }
            }
        }
        return events;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }
}
