package io.railhead.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.policy.NamedTensor.ElementType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
    @TempDir
    private Path folder;

    @Test
    void returnsWhatWasWritten() throws IOException {
        Path file = folder.resolve("model.safetensors");
        List<NamedTensor> tensors = List.of(
                tensor("weight", ElementType.F32, List.of(2L, 1L), 8),
                tensor("mask", ElementType.U8, List.of(3L), 3),
                tensor("scale", ElementType.BF16, List.of(), 2),
                tensor("nothing", ElementType.I64, List.of(0L, 4L), 0));
        SafetensorsFile.write(file, tensors, Map.of("format", "pt"));
        SafetensorsFile read = SafetensorsFile.read(file);
        assertThat(read.tensors()).containsExactlyInAnyOrderElementsOf(tensors);
        assertThat(read.metadata()).isEqualTo(Map.of("format", "pt"));
    }

    @Test
    void leavesNothingBesideTheFileItWrote() throws IOException {
        Path file = folder.resolve("model.safetensors");
        SafetensorsFile.write(file, List.of(tensor("a", ElementType.U8, List.of(1L), 1)), Map.of());
        SafetensorsFile.write(file, List.of(tensor("b", ElementType.U8, List.of(1L), 1)), Map.of());
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
        assertThat(SafetensorsFile.read(file).tensors()).containsExactly(tensor("b", ElementType.U8, List.of(1L), 1));
    }

    @Test
    void alignsTheContents() throws IOException {
        Path file = folder.resolve("model.safetensors");
        SafetensorsFile.write(
                file,
                List.of(tensor("a", ElementType.U8, List.of(1L), 1), tensor("b", ElementType.I64, List.of(1L), 8)),
                Map.of());
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat((8 + bytes.getLong()) % 64).isZero();
        assertThat(SafetensorsFile.read(file).tensors())
                .extracting(NamedTensor::name)
                .containsExactly("b", "a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | 4 | tensor a: data_offsets = [0, 4]",
                "{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}} | 8 | tensor a: dtype = \"F64\"",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[-4],\"data_offsets\":[0,4]}} | 4 | tensor a: shape = [-4]",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[2,6]}} | 6 | tensor a: begins at byte 2",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}} | 5 | take 4 bytes, the file holds 5",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}} | 3 | take 4 bytes, the file holds 3",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
                        + "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[2,6]}} | 6 | tensor b: begins at",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[9223372036854775807,2],\"data_offsets\":[0,4]}} | 4 | too large",
                "{\"a\":3} | 0 | tensor a: dtype = null",
                "{\"a\":{},\"a\":{}} | 0 | Duplicate field",
                "[] | 0 | not a JSON object",
                "{} {} | 0 | not JSON",
                "{\"__metadata__\":{\"k\":1}} | 0 | __metadata__.k = 1",
            })
    void namesFileAndDefectOfAHeaderThatContradictsTheFormat(String header, int contents, String defect)
            throws IOException {
        Path file = folder.resolve("broken.safetensors");
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + contents).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file, bytes.putLong(json.length).put(json).array());
        assertThatThrownBy(() -> SafetensorsFile.read(file))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(defect);
    }

    @Test
    void refusesAHeaderTooLargeToBeTrue() throws IOException {
        Path file = folder.resolve("broken.safetensors");
        Set<OpenOption> sparse =
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE);
        try (FileChannel channel = FileChannel.open(file, sparse)) {
            ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            channel.write(length.putLong(100_000_001).flip());
            channel.write(ByteBuffer.allocate(1), 1L << 30);
        }
        assertThatThrownBy(() -> SafetensorsFile.read(file))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(file + ": the header has 100000001 bytes by its own account, the file 1073741825");
    }

    @Test
    void refusesAHeaderLongerThanTheFile() throws IOException {
        Path file = folder.resolve("broken.safetensors");
        ByteBuffer bytes = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file, bytes.putLong(90_000_000).array());
        assertThatThrownBy(() -> SafetensorsFile.read(file))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(file + ": the header has 90000000 bytes by its own account, the file 10");
    }

    /// The embedding of the largest published model has 2.5 GB in bfloat16. The file here is sparse: nothing but
    /// the first and the last values takes room on disk.
    @Test
    void mapsATensorLargerThanTwoGibibytes() throws IOException {
        Path file = folder.resolve("large.safetensors");
        long count = (1L << 30) + 3; // of 2 bytes each
        byte[] json = "{\"w\":{\"dtype\":\"BF16\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
                .formatted(count, 2 * count)
                .getBytes(StandardCharsets.UTF_8);
        Set<OpenOption> sparse =
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE);
        try (FileChannel channel = FileChannel.open(file, sparse)) {
            ByteBuffer header = ByteBuffer.allocate(8 + json.length + 2).order(ByteOrder.LITTLE_ENDIAN);
            channel.write(
                    header.putLong(json.length).put(json).putShort((short) 1).flip());
            ByteBuffer last = ByteBuffer.allocate(2)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putShort((short) 2)
                    .flip();
            channel.write(last, 8 + json.length + 2 * (count - 1));
        }
        NamedTensor tensor = SafetensorsFile.read(file).tensors().getFirst();
        assertThat(tensor.byteCount()).isEqualTo(2 * count);
        assertThat(tensor.data().getAtIndex(NamedTensor.SHORT, 0)).isEqualTo((short) 1);
        assertThat(tensor.data().getAtIndex(NamedTensor.SHORT, 1)).isZero();
        assertThat(tensor.data().getAtIndex(NamedTensor.SHORT, count - 1)).isEqualTo((short) 2);
        assertThat(tensor.pieces().mapToLong(ByteBuffer::remaining).sum()).isEqualTo(2 * count);
    }

    @Test
    void namesAMissingFile() {
        Path file = folder.resolve("absent.safetensors");
        assertThatThrownBy(() -> SafetensorsFile.read(file))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(file + ": the file is missing");
    }

    @Test
    void refusesTwoTensorsOfOneName() {
        List<NamedTensor> twice =
                List.of(tensor("a", ElementType.U8, List.of(1L), 1), tensor("a", ElementType.U8, List.of(1L), 1));
        assertThatThrownBy(() -> SafetensorsFile.write(folder.resolve("m.safetensors"), twice, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two tensors are named a");
    }

    @Test
    void readsTheShardsThatAnIndexNames() throws IOException {
        NamedTensor first = tensor("first", ElementType.U8, List.of(2L), 2);
        NamedTensor second = tensor("second", ElementType.F16, List.of(2L), 4);
        SafetensorsFile.write(folder.resolve("model-00001-of-00002.safetensors"), List.of(first), Map.of());
        SafetensorsFile.write(folder.resolve("model-00002-of-00002.safetensors"), List.of(second), Map.of());
        Files.writeString(folder.resolve("model.safetensors.index.json"), """
                {"metadata": {"total_size": 6}, "weight_map": {
                  "second": "model-00002-of-00002.safetensors", "first": "model-00001-of-00002.safetensors"}}""");
        assertThat(SafetensorsFile.readModel(folder)).containsExactly(first, second);
    }

    @Test
    void namesAnIndexedTensorThatItsShardLacks() throws IOException {
        SafetensorsFile.write(folder.resolve("one.safetensors"), List.of(), Map.of());
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(index, "{\"weight_map\": {\"lost\": \"one.safetensors\"}}");
        assertThatThrownBy(() -> SafetensorsFile.readModel(folder))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(index + ": lost is not in one.safetensors");
    }

    @Test
    void readsNoShardOutsideTheModelFolder() throws IOException {
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(index, "{\"weight_map\": {\"a\": \"../a.safetensors\"}}");
        assertThatThrownBy(() -> SafetensorsFile.readModel(folder))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("weight_map.a = \"../a.safetensors\" is no file name");
    }

    static NamedTensor tensor(String name, ElementType type, List<Long> shape, int bytes) {
        byte[] data = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            data[i] = (byte) (name.hashCode() + i);
        }
        return new NamedTensor(name, type, shape, MemorySegment.ofArray(data));
    }
}
