package io.railhead.actors.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.actors.wire.FactCodec;
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

class EventLogTest {
    private static final long SEGMENT = 1 << 20;
    private static final TelemetrySettings PLAIN = new TelemetrySettings(SEGMENT, false, 0);

    @TempDir
    Path directory;

    @Test
    void factsComeBackInTheirOrderAcrossReopeningAndSegments() throws IOException {
        List<RecordedFact> facts = Facts.issued(100);
        write(facts.subList(0, 60), 1000);
        write(facts.subList(60, 100), 1000);
        assertThat(readAll()).isEqualTo(facts);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.count()).isGreaterThan(4);
        }
    }

    @Test
    void aPictureIsInASegmentOnceAndComesBackWithEveryTrajectory() throws IOException {
        List<RecordedFact> facts = Facts.trajectories(40, new byte[20_000]);
        write(facts.subList(0, 30), 50_000); // two pictures would not fit a segment
        write(facts.subList(30, 40), 50_000);
        assertThat(readAll()).isEqualTo(facts);
        try (Stream<Path> files = Files.list(directory)) {
            long bytes = files.mapToLong(file -> file.toFile().length()).sum();
            assertThat(bytes).isBetween(40_000L, 60_000L); // once, and once more after reopening
        }
    }

    @Test
    void whatAWriterFromBeforeStillWritesIsInNobodysWay() throws IOException {
        List<RecordedFact> facts = Facts.issued(5);
        write(facts.subList(0, 1), SEGMENT);
        try (EventLog frozen = EventLog.open(directory, PLAIN)) {
            frozen.append(facts.get(1));
            try (EventLog next = EventLog.open(directory, PLAIN)) {
                next.append(facts.get(2));
                frozen.append(facts.get(3));
                next.append(facts.get(4));
            }
        }
        assertThat(readAll()).containsExactly(facts.get(0), facts.get(1), facts.get(2), facts.get(4));
    }

    @Test
    void emptyLogHasNoFacts() throws IOException {
        write(List.of(), SEGMENT);
        assertThat(readAll()).isEmpty();
    }

    @Test
    void tornEndIsCutOffWhereverTheCrashWas() throws IOException {
        List<RecordedFact> facts = Facts.issued(3);
        write(facts, SEGMENT);
        byte[] whole = Files.readAllBytes(first());
        int second = endOf(facts.subList(0, 2));
        for (int length = second + 1; length < whole.length; length++) {
            Files.write(first(), java.util.Arrays.copyOf(whole, length));
            assertThat(readAll()).isEqualTo(facts.subList(0, 2));
            try (EventLog log = EventLog.open(directory, PLAIN)) {
                assertThat(log.tornEnd())
                        .isEqualTo(Optional.of(new EventLog.TornEnd(first(), second, length - second)));
                log.append(facts.get(2));
            }
            assertThat(Files.readAllBytes(first())).isEqualTo(whole);
        }
    }

    @Test
    void zerosAndGarbageAtTheEndAreATornEnd() throws IOException {
        List<RecordedFact> facts = Facts.issued(2);
        write(facts, SEGMENT);
        Files.write(first(), new byte[5000], StandardOpenOption.APPEND);
        Files.write(first(), new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, StandardOpenOption.APPEND);
        assertThat(readAll()).isEqualTo(facts);
        try (EventLog log = EventLog.open(directory, PLAIN)) {
            assertThat(log.tornEnd().orElseThrow().toString())
                    .isEqualTo(first() + ": cut 5010 bytes of an unfinished record at byte " + endOf(facts));
        }
        assertThat(Files.size(first())).isEqualTo(endOf(facts));
    }

    @Test
    void anyChangedByteBeforeTheLastRecordIsDamageAtItsFileAndOffset() throws IOException {
        List<RecordedFact> facts = Facts.issued(3);
        write(facts, SEGMENT);
        byte[] whole = Files.readAllBytes(first());
        int start = endOf(facts.subList(0, 1));
        for (int i = start; i < endOf(facts.subList(0, 2)); i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 0x10;
            Files.write(first(), damaged);
            assertThatThrownBy(this::readAll)
                    .isInstanceOfSatisfying(
                            EventLogDamagedException.class,
                            e -> assertThat(List.of(e.file(), e.offset())).isEqualTo(List.of(first(), (long) start)))
                    .hasMessageStartingWith(first() + " at byte " + start + ": ");
            assertThatThrownBy(() -> EventLog.open(directory, PLAIN)).isInstanceOf(EventLogDamagedException.class);
        }
        assertThat(Files.size(first())).isEqualTo(whole.length);
    }

    @Test
    void holesAfterWhatWasFlushedAreATornEndAndBeforeItDamage() throws IOException {
        List<RecordedFact> facts = Facts.issued(4);
        try (EventLog log = EventLog.open(directory, PLAIN)) {
            log.append(facts.get(0));
            log.append(facts.get(1));
            log.force();
            log.append(facts.get(2));
            log.append(facts.get(3));
        }
        byte[] whole = Files.readAllBytes(first());
        byte[] late = whole.clone();
        late[endOf(facts.subList(0, 2)) + 9] ^= 0x10;
        Files.write(first(), late);
        assertThat(readAll()).isEqualTo(facts.subList(0, 2));
        byte[] early = whole.clone();
        early[endOf(facts.subList(0, 1)) + 9] ^= 0x10;
        Files.write(first(), early);
        assertThatThrownBy(() -> EventLog.open(directory, PLAIN)).isInstanceOf(EventLogDamagedException.class);
        Files.write(first(), late);
        try (EventLog log = EventLog.open(directory, PLAIN)) {
            assertThat(log.tornEnd().map(EventLog.TornEnd::offset)).hasValue((long) endOf(facts.subList(0, 2)));
        }
        assertThat(readAll()).isEqualTo(facts.subList(0, 2));
    }

    @Test
    void unfinishedRecordBeforeLaterFilesIsDamage() throws IOException {
        write(Facts.issued(100), 1000);
        byte[] whole = Files.readAllBytes(first());
        Files.write(first(), java.util.Arrays.copyOf(whole, whole.length - 3));
        assertThatThrownBy(this::readAll)
                .isInstanceOf(EventLogDamagedException.class)
                .hasMessageContaining("000001.log at byte ")
                .hasMessageContaining("an unfinished record, but there are later files");
    }

    private Path first() {
        return directory.resolve("000001.log");
    }

    private void write(List<RecordedFact> facts, long segmentSize) throws IOException {
        try (EventLog log = EventLog.open(directory, new TelemetrySettings(segmentSize, false, 0))) {
            for (RecordedFact fact : facts) {
                log.append(fact);
            }
            log.force();
        }
    }

    private List<RecordedFact> readAll() throws IOException {
        EventLogReader reader = EventLogReader.open(directory);
        List<RecordedFact> facts = new ArrayList<>();
        for (Optional<RecordedFact> fact = reader.next(); fact.isPresent(); fact = reader.next()) {
            facts.add(fact.get());
        }
        return facts;
    }

    private static int endOf(List<RecordedFact> facts) {
        return facts.stream()
                .mapToInt(f -> Segment.encode(FactCodec.toProto(f.at(), f.fact())).length)
                .sum();
    }
}
