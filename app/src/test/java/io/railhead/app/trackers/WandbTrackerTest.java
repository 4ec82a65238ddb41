package io.railhead.app.trackers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.railhead.protos.trackers.wandb.Item;
import io.railhead.protos.trackers.wandb.Record;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WandbTrackerTest {
    @TempDir
    Path runs;

    @Test
    void theFileHoldsTheRunItsStepsAndItsEnd() throws IOException {
        WandbTracker tracker = tracker();
        assertThat(tracker.open()).isZero();
        tracker.add(Lines.steps(1, 2));
        tracker.end(Tracker.Ending.FINISHED);
        tracker.close();

        List<Record> records = records();
        assertThat(records.stream().map(Record::getRecordTypeCase))
                .containsExactly(
                        Record.RecordTypeCase.HEADER,
                        Record.RecordTypeCase.RUN,
                        Record.RecordTypeCase.HISTORY,
                        Record.RecordTypeCase.HISTORY,
                        Record.RecordTypeCase.SUMMARY,
                        Record.RecordTypeCase.EXIT);
        assertThat(records.stream().map(Record::getNum)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(records.get(1).getRun().getRunId()).isEqualTo("abcd1234");
        assertThat(records.get(1).getRun().getConfig().getUpdateList())
                .contains(Item.newBuilder()
                        .setKey("stage")
                        .setValueJson("{\"steps\":60}")
                        .build());
        assertThat(records.get(3).getHistory().getStep().getNum()).isEqualTo(2);
        assertThat(records.get(3).getHistory().getItemList())
                .contains(
                        Item.newBuilder()
                                .setKey("reward/mean")
                                .setValueJson("2.0")
                                .build(),
                        Item.newBuilder()
                                .setKey("stage")
                                .setValueJson("\"judging\"")
                                .build(),
                        Item.newBuilder().setKey("_step").setValueJson("2").build(),
                        Item.newBuilder().setKey("_runtime").setValueJson("2.0").build());
    }

    @Test
    void aRunThatGoesBackIsWrittenAnew() throws IOException {
        WandbTracker tracker = tracker();
        tracker.open();
        tracker.add(Lines.steps(1, 6));
        assertThat(tracker.rewind(3)).isZero();
        tracker.add(Lines.steps(1, 3));
        tracker.close();

        assertThat(records().stream()
                        .filter(Record::hasHistory)
                        .map(record -> record.getHistory().getStep().getNum()))
                .containsExactly(1L, 2L, 3L);
    }

    /// Every place of a record in a block, those included where a head just fits or just does not.
    @Test
    void recordsOfAnyLengthComeBack() throws IOException {
        Random random = new Random(1);
        List<byte[]> written = new ArrayList<>();
        IntStream.rangeClosed(BlockLog.BLOCK - 24, BlockLog.BLOCK + 2).forEach(length -> written.add(new byte[length]));
        IntStream.range(0, 300).forEach(_ -> written.add(new byte[random.nextInt(3 * BlockLog.BLOCK)]));
        written.add(new byte[0]);
        written.forEach(random::nextBytes);
        Path file = runs.resolve("log");
        try (BlockLog log = BlockLog.create(file)) {
            for (byte[] record : written) {
                log.write(record);
            }
        }
        assertThat(read(file)).usingElementComparator(java.util.Arrays::compare).isEqualTo(written);
    }

    private WandbTracker tracker() throws IOException {
        return new WandbTracker(
                runs,
                "railhead",
                new TrackedRun("mine", "abcd1234", Lines.START),
                new ObjectMapper().readTree("{\"stage\":{\"steps\":60}}"));
    }

    private List<Record> records() throws IOException {
        List<Record> records = new ArrayList<>();
        for (byte[] data : read(runs.resolve("offline-run-20260102_030405-abcd1234/run-abcd1234.wandb"))) {
            records.add(Record.parseFrom(data));
        }
        return records;
    }

    /// Slow and obvious: block by block, as the format is described.
    private static List<byte[]> read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] ident = new byte[4];
        bytes.get(ident);
        assertThat(ident).asString().isEqualTo(":W&B");
        assertThat(bytes.getShort()).isEqualTo((short) 0xBEE1);
        assertThat(bytes.get()).isZero();
        List<byte[]> records = new ArrayList<>();
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        while (bytes.hasRemaining()) {
            int left = BlockLog.BLOCK - bytes.position() % BlockLog.BLOCK;
            if (left < BlockLog.HEAD) {
                for (int i = 0; i < left; i++) {
                    assertThat(bytes.get()).isZero();
                }
                continue;
            }
            int crc = bytes.getInt();
            byte[] data = new byte[Short.toUnsignedInt(bytes.getShort())];
            byte kind = bytes.get();
            bytes.get(data);
            CRC32 expected = new CRC32();
            expected.update(kind);
            expected.update(data);
            assertThat(crc).isEqualTo((int) expected.getValue());
            assertThat(kind == 1 || kind == 2).isEqualTo(record.size() == 0 && (kind != 3 && kind != 4));
            record.write(data);
            if (kind == 1 || kind == 4) {
                records.add(record.toByteArray());
                record.reset();
            }
        }
        return records;
    }
}
