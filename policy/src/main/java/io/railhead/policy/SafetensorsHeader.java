package io.railhead.policy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.policy.NamedTensor.ElementType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The checked header of a safetensors file.
///
/// Invariant: the entries, in the order of their offsets, cover the contents from first to last byte without gap or
/// overlap, and each has as many bytes as its type and shape say.
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata, long contentsStart) {
    private static final int LENGTH_BYTES = 8;
    /// Of the contents, in bytes, so that mapped weights lie as allocated ones do: products of matrices may differ in
    /// their last bits where memory is aligned differently.
    private static final int ALIGNMENT = 64;
    /// What the format's own library allows.
    private static final long MAX_HEADER_BYTES = 100_000_000;

    private static final String METADATA = "__metadata__";
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /// One tensor; `begin` and `end` count bytes from the start of the contents.
    record Entry(String name, ElementType type, List<Long> shape, long begin, long end) {}

    static SafetensorsHeader read(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < LENGTH_BYTES) {
            throw new InvalidModelException(file, size + " bytes are too few for a safetensors file");
        }
        long length = readFully(file, channel, 0, LENGTH_BYTES).getLong();
        if (length < 2 || length > MAX_HEADER_BYTES || length > size - LENGTH_BYTES) {
            throw new InvalidModelException(
                    file, "the header has %d bytes by its own account, the file %d".formatted(length, size));
        }
        byte[] json = readFully(file, channel, LENGTH_BYTES, (int) length).array();
        long start = LENGTH_BYTES + length;
        SafetensorsHeader header = parse(file, json, start);
        header.requireGapless(file, size - start);
        return header;
    }

    private static ByteBuffer readFully(Path file, FileChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new InvalidModelException(file, "ends within its header");
            }
        }
        return bytes.flip();
    }

    private static SafetensorsHeader parse(Path file, byte[] json, long start) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (IOException e) {
            throw new InvalidModelException(file, "the header is not JSON: " + e.getMessage(), e);
        }
        if (root == null || !root.isObject()) {
            throw new InvalidModelException(file, "the header is not a JSON object");
        }
        List<Entry> entries = new ArrayList<>();
        Map<String, String> metadata = new HashMap<>();
        for (var field : root.properties()) {
            if (field.getKey().equals(METADATA)) {
                metadata.putAll(metadata(file, field.getValue()));
            } else {
                entries.add(entry(file, field.getKey(), field.getValue()));
            }
        }
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        return new SafetensorsHeader(List.copyOf(entries), Map.copyOf(metadata), start);
    }

    private static Map<String, String> metadata(Path file, JsonNode node) throws InvalidModelException {
        Map<String, String> metadata = new HashMap<>();
        for (var field : node.properties()) {
            if (!field.getValue().isTextual()) {
                throw new InvalidModelException(
                        file, "%s.%s = %s is not a string".formatted(METADATA, field.getKey(), field.getValue()));
            }
            metadata.put(field.getKey(), field.getValue().textValue());
        }
        return metadata;
    }

    private static Entry entry(Path file, String name, JsonNode node) throws InvalidModelException {
        String dtype = node.path("dtype").asText();
        Optional<ElementType> type = Arrays.stream(ElementType.values())
                .filter(t -> t.name().equals(dtype))
                .findAny();
        if (type.isEmpty()) {
            throw new InvalidModelException(
                    file,
                    "tensor %s: dtype = %s is not supported, only %s are"
                            .formatted(name, node.get("dtype"), Arrays.toString(ElementType.values())));
        }
        List<Long> shape = counts(file, name, "shape", node.path("shape"));
        List<Long> offsets = counts(file, name, "data_offsets", node.path("data_offsets"));
        long bytes;
        try {
            bytes = shape.stream().reduce((long) type.get().bytes(), Math::multiplyExact);
        } catch (ArithmeticException e) {
            throw new InvalidModelException(file, "tensor %s: shape = %s is too large".formatted(name, shape), e);
        }
        if (offsets.size() != 2 || offsets.get(1) - offsets.get(0) != bytes) {
            throw new InvalidModelException(
                    file,
                    "tensor %s: data_offsets = %s do not hold the %d bytes of %s %s"
                            .formatted(name, offsets, bytes, dtype, shape));
        }
        return new Entry(name, type.get(), shape, offsets.get(0), offsets.get(1));
    }

    private static List<Long> counts(Path file, String name, String key, JsonNode node) throws InvalidModelException {
        List<Long> counts = new ArrayList<>();
        boolean valid = node.isArray();
        for (JsonNode element : node) {
            valid &= element.isIntegralNumber() && element.canConvertToLong() && element.longValue() >= 0;
            counts.add(element.longValue());
        }
        if (!valid) {
            throw new InvalidModelException(file, "tensor %s: %s = %s is no list of counts".formatted(name, key, node));
        }
        return counts;
    }

    private void requireGapless(Path file, long contents) throws InvalidModelException {
        long covered = 0;
        for (Entry entry : entries) {
            if (entry.begin() != covered) {
                throw new InvalidModelException(
                        file,
                        "tensor %s: begins at byte %d, but the one before ends at %d"
                                .formatted(entry.name(), entry.begin(), covered));
            }
            covered = entry.end();
        }
        if (covered != contents) {
            throw new InvalidModelException(
                    file, "the tensors take %d bytes, the file holds %d".formatted(covered, contents));
        }
    }

    /// Maps the contents; the mapping lives as long as a tensor of it is reachable.
    SafetensorsFile map(FileChannel channel) throws IOException {
        long length = entries.isEmpty() ? 0 : entries.getLast().end();
        MemorySegment contents = length == 0
                ? MemorySegment.NULL
                : channel.map(FileChannel.MapMode.READ_ONLY, contentsStart, length, Arena.ofAuto());
        List<NamedTensor> tensors = new ArrayList<>();
        for (Entry entry : entries) {
            long bytes = entry.end() - entry.begin();
            MemorySegment data = contents.asSlice(bytes == 0 ? 0 : entry.begin(), bytes);
            tensors.add(new NamedTensor(entry.name(), entry.type(), entry.shape(), data));
        }
        return new SafetensorsFile(tensors, metadata);
    }

    /// The length and the header, padded with spaces so that the contents are aligned.
    static ByteBuffer encode(List<NamedTensor> tensors, Map<String, String> metadata) {
        ObjectNode root = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode node = root.putObject(METADATA);
            metadata.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(e -> node.put(e.getKey(), e.getValue()));
        }
        long offset = 0;
        for (NamedTensor tensor : tensors) {
            if (root.has(tensor.name()) || tensor.name().equals(METADATA)) {
                throw new IllegalArgumentException("two tensors are named " + tensor.name());
            }
            ObjectNode node =
                    root.putObject(tensor.name()).put("dtype", tensor.type().name());
            tensor.shape().forEach(node.withArray("shape")::add);
            node.putArray("data_offsets").add(offset).add(offset + tensor.byteCount());
            offset += tensor.byteCount();
        }
        byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
        int padded = Math.ceilDiv(LENGTH_BYTES + json.length, ALIGNMENT) * ALIGNMENT - LENGTH_BYTES;
        ByteBuffer header = ByteBuffer.allocate(LENGTH_BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(padded).put(json);
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.flip();
    }
}
