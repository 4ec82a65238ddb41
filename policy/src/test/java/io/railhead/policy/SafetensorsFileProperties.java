package io.railhead.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.policy.NamedTensor.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SafetensorsFileProperties {
    private static final byte[] WHOLE_FILE = wholeFile();

    @Property(tries = 50)
    void arbitraryTensorsSurviveTheRoundTrip(@ForAll("tensors") List<NamedTensor> tensors) throws IOException {
        Path file = Files.createTempFile("round-trip", ".safetensors");
        try {
            SafetensorsFile.write(file, tensors, Map.of("format", "pt"));
            assertThat(SafetensorsFile.read(file).tensors()).containsExactlyInAnyOrderElementsOf(tensors);
        } finally {
            Files.delete(file);
        }
    }

    @Property(tries = 500)
    void arbitraryBytesAreReadOrRefusedAsAnInvalidModel(@ForAll byte[] bytes) throws IOException {
        assertReadOrRefused(bytes);
    }

    @Property(tries = 500)
    void arbitraryHeadersAreReadOrRefusedAsAnInvalidModel(@ForAll("headers") String header, @ForAll byte[] contents)
            throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        assertReadOrRefused(ByteBuffer.allocate(8 + json.length + contents.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(contents)
                .array());
    }

    @Property(tries = 300)
    void aChangedByteOfAFileIsReadOrRefusedAsAnInvalidModel(@ForAll int position, @ForAll byte value)
            throws IOException {
        byte[] bytes = WHOLE_FILE.clone();
        bytes[Math.floorMod(position, bytes.length)] = value;
        assertReadOrRefused(bytes);
    }

    private static byte[] wholeFile() {
        NamedTensor tensor = SafetensorsFileTest.tensor("a.weight", ElementType.F32, List.of(2L, 3L), 24);
        ByteBuffer header = SafetensorsHeader.encode(List.of(tensor), Map.of("format", "pt"));
        return ByteBuffer.allocate(header.remaining() + 24)
                .put(header)
                .put(tensor.data().asByteBuffer())
                .array();
    }

    private static void assertReadOrRefused(byte[] bytes) throws IOException {
        Path file = Files.createTempFile("arbitrary", ".safetensors");
        try {
            Files.write(file, bytes);
            assertThat(SafetensorsFile.read(file).tensors()).doesNotContainNull();
        } catch (InvalidModelException e) {
            assertThat(e).hasMessageContaining(file.toString());
        } finally {
            Files.delete(file);
        }
    }

    @Provide
    Arbitrary<List<NamedTensor>> tensors() {
        Arbitrary<String> names = Arbitraries.strings().ofMinLength(1).ofMaxLength(20);
        Arbitrary<List<Long>> shapes = Arbitraries.longs().between(0, 4).list().ofMaxSize(3);
        return Combinators.combine(names, Arbitraries.of(ElementType.class), shapes)
                .as((name, type, shape) -> SafetensorsFileTest.tensor(name, type, shape, (int)
                        (shape.stream().reduce(1L, (a, b) -> a * b) * type.bytes())))
                .list()
                .uniqueElements(NamedTensor::name)
                .ofMaxSize(6);
    }

    /// JSON-like text from the pieces that real headers are made of.
    @Provide
    Arbitrary<String> headers() {
        return Arbitraries.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        ":",
                        "\"a\"",
                        "\"dtype\"",
                        "\"F32\"",
                        "\"shape\"",
                        "\"data_offsets\"",
                        "0",
                        "4",
                        "-1",
                        "9223372036854775807",
                        "1e300",
                        "null",
                        "\"__metadata__\"",
                        "\"a\":{\"dtype\":",
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}")
                .list()
                .ofMaxSize(12)
                .map(pieces -> String.join("", pieces));
    }
}
