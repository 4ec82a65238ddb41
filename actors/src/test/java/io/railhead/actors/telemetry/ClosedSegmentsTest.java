package io.railhead.actors.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClosedSegmentsTest {
    private static final TelemetrySettings COMPRESSED = new TelemetrySettings(1000, true, 0);

    @TempDir
    Path directory;

    @Test
    void closedSegmentsAreCompressedAndComeBackAsTheyWere() throws IOException {
        List<RecordedFact> facts = Facts.issued(200);
        write(facts.subList(0, 90), COMPRESSED);
        write(facts.subList(90, 200), COMPRESSED);
        assertThat(readAll()).isEqualTo(facts);
        List<String> names = names();
        assertThat(names).filteredOn(name -> name.endsWith(".log")).hasSize(1);
        assertThat(names).filteredOn(name -> name.endsWith(".log.zst")).hasSizeGreaterThan(5);
    }

    @Test
    void picturesOfACompressedSegmentComeBackWithEveryTrajectory() throws IOException {
        List<RecordedFact> facts = Facts.trajectories(40, new byte[20_000]);
        write(facts, new TelemetrySettings(22_000, true, 0));
        assertThat(names()).contains("000001.log.zst");
        assertThat(readAll()).isEqualTo(facts);
    }

    @Test
    void aSegmentWasWrittenBeforeThereWasCompressionAndIsCompressedNow() throws IOException {
        List<RecordedFact> facts = Facts.issued(100);
        write(facts.subList(0, 60), new TelemetrySettings(1000, false, 0));
        write(facts.subList(60, 100), COMPRESSED);
        assertThat(names()).filteredOn(name -> name.endsWith(".log")).hasSize(1);
        assertThat(readAll()).isEqualTo(facts);
    }

    /// A crash came between the two, or amid the first.
    @Test
    void aSegmentThatIsThereTwiceIsReadOnceAndHalfACompressionIsForgotten() throws IOException {
        List<RecordedFact> facts = Facts.issued(60);
        write(facts.subList(0, 30), new TelemetrySettings(1000, false, 0));
        Files.copy(directory.resolve("000001.log"), directory.resolve("kept"));
        Files.writeString(directory.resolve(".000001.log.zst.1-2.new"), "half");
        write(facts.subList(30, 60), COMPRESSED);
        Files.move(directory.resolve("kept"), directory.resolve("000001.log"));
        assertThat(readAll()).isEqualTo(facts);
        assertThat(names()).contains("000001.log", "000001.log.zst").noneMatch(name -> name.endsWith(".new"));
    }

    @Test
    void aSegmentThatCannotBeCompressedStaysAndTheLogGoesOn() throws IOException {
        List<RecordedFact> facts = Facts.issued(100);
        write(facts.subList(0, 1), COMPRESSED);
        try (EventLog log = EventLog.open(directory, COMPRESSED)) {
            Files.createDirectories(directory.resolve("000001.log.zst/in-the-way"));
            for (RecordedFact fact : facts.subList(1, 100)) {
                log.append(fact);
            }
        }
        assertThat(names()).contains("000001.log");
        assertThat(readAll()).isEqualTo(facts);
    }

    @Test
    void anyChangedByteOfACompressedSegmentIsDamageThatNamesIt() throws IOException {
        List<RecordedFact> facts = Facts.issued(40);
        write(facts, COMPRESSED);
        Path file = directory.resolve("000001.log.zst");
        byte[] whole = Files.readAllBytes(file);
        int found = 0;
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 0x10;
            Files.write(file, damaged);
            try {
                assertThat(readAll()).as("byte %d does not matter", i).isEqualTo(facts);
            } catch (EventLogDamagedException e) {
                assertThat(e.file()).isEqualTo(file);
                found++;
            }
        }
        assertThat(found).isGreaterThan(whole.length * 9 / 10); // a frame's header has bits that say nothing
    }

    @Test
    void aCompressedSegmentThatIsCutOffIsDamaged() throws IOException {
        write(Facts.issued(40), COMPRESSED);
        Path file = directory.resolve("000001.log.zst");
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length - 4; length++) { // after that only the checksum's end is missing
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(this::readAll).isInstanceOf(EventLogDamagedException.class);
        }
    }

    @Test
    void aLogThatLostItsLastSegmentIsNotWrittenOn() throws IOException {
        write(Facts.issued(40), COMPRESSED);
        Files.delete(last());
        assertThatThrownBy(() -> EventLog.open(directory, COMPRESSED))
                .isInstanceOf(EventLogDamagedException.class)
                .hasMessageContaining(".log.zst at byte 0: the segment after it, which was written last, is gone");
    }

    @Test
    void theOldestSegmentsAreDroppedBeyondTheLimit() throws IOException {
        List<RecordedFact> facts = Facts.issued(400);
        write(facts, new TelemetrySettings(1000, true, 4000));
        List<RecordedFact> left = readAll();
        assertThat(facts.subList(facts.size() - left.size(), facts.size())).isEqualTo(left);
        assertThat(left.size()).isBetween(50, 399);
        try (Stream<Path> files = Files.list(directory);
                EventLogReader reader = EventLogReader.open(directory)) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isLessThan(4000 + 1000 + 100);
            assertThat(reader.firstSegment()).isGreaterThan(1);
        }
    }

    @Test
    void aFollowerReadsOnOverSegmentsTheirCompressionAndTornEnds() throws IOException {
        List<RecordedFact> facts = Facts.issued(120);
        List<RecordedFact> heard = new ArrayList<>();
        EventLogFollower follower = new EventLogFollower(directory);
        try (EventLog log = EventLog.open(directory, COMPRESSED)) {
            for (int i = 0; i < facts.size(); i++) {
                log.append(facts.get(i));
                if (i % 7 == 3) {
                    follower.more(heard::add);
                    assertThat(heard).isEqualTo(facts.subList(0, i + 1));
                }
            }
            Files.write(last(), new byte[] {9, 0, 0}, StandardOpenOption.APPEND); // a writer is at it
            follower.more(heard::add);
            follower.more(heard::add);
        }
        assertThat(heard).isEqualTo(facts);
    }

    @Test
    void aFollowerNamesAFileThatBecameShorterThanItWas() throws IOException {
        write(Facts.issued(3), COMPRESSED);
        EventLogFollower follower = new EventLogFollower(directory);
        follower.more(_ -> {});
        Files.write(last(), new byte[0]);
        assertThatThrownBy(() -> follower.more(_ -> {}))
                .isInstanceOf(EventLogDamagedException.class)
                .hasMessageContaining("000001.log at byte ");
    }

    private Path last() {
        return directory.resolve(
                names().stream().filter(name -> name.endsWith(".log")).toList().getLast());
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void write(List<RecordedFact> facts, TelemetrySettings settings) throws IOException {
        try (EventLog log = EventLog.open(directory, settings)) {
            for (RecordedFact fact : facts) {
                log.append(fact);
            }
            log.force();
        }
    }

    private List<RecordedFact> readAll() throws IOException {
        try (EventLogReader reader = EventLogReader.open(directory)) {
            List<RecordedFact> facts = new ArrayList<>();
            for (Optional<RecordedFact> fact = reader.next(); fact.isPresent(); fact = reader.next()) {
                facts.add(fact.get());
            }
            return facts;
        }
    }
}
