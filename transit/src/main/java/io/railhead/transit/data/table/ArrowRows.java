package io.railhead.transit.data.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.util.ValueVectorUtility;
import org.jspecify.annotations.Nullable;

/// Arrow, as a stream (what `save_to_disk` writes) or as a file; one record batch at a time in memory.
final class ArrowRows {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final byte[] FILE_MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);

    /// Of a batch, whatever the file says: so much, and so much for each of its bytes.
    private static final long LEAST_MEMORY = 64 << 20;

    private static final long EXPANSION = 64;

    private ArrowRows() {}

    static void read(Path file, Consumer<ObjectNode> rows) throws IOException {
        try (BufferAllocator memory = new RootAllocator(LEAST_MEMORY + EXPANSION * Files.size(file));
                ArrowReader reader = open(file, memory)) {
            VectorSchemaRoot batch = reading(reader::getVectorSchemaRoot);
            while (reading(() -> loadNext(reader, batch))) {
                for (int row = 0; row < batch.getRowCount(); row++) {
                    int at = row;
                    rows.accept(reading(() -> object(batch, at)));
                }
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException | IllegalStateException e) { // of closing
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }

    /// Offsets of lists and texts that are not in order, or beyond their data, would be lengths to be allocated.
    private static boolean loadNext(ArrowReader reader, VectorSchemaRoot batch) throws IOException {
        boolean loaded = reader.loadNextBatch();
        if (loaded) {
            ValueVectorUtility.validateFull(batch);
        }
        return loaded;
    }

    private interface Reading<T> {
        T get() throws IOException;
    }

    /// The library says of what is not Arrow whatever its code runs into; what a row is taken for is another's
    /// affair.
    private static <T> T reading(Reading<T> call) throws IOException {
        try {
            return call.get();
        } catch (RuntimeException e) {
            throw new IOException("it is not Arrow as it should be: " + e, e);
        }
    }

    private static ArrowReader open(Path file, BufferAllocator memory) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            if (Arrays.equals(in.readNBytes(FILE_MAGIC.length), FILE_MAGIC)) {
                return new ArrowFileReader(FileChannel.open(file), memory);
            }
        }
        ArrowFrames.requireWithin(file);
        return new ArrowStreamReader(new BufferedInputStream(Files.newInputStream(file)), memory);
    }

    private static ObjectNode object(VectorSchemaRoot batch, int row) {
        ObjectNode object = NODES.objectNode();
        for (FieldVector column : batch.getFieldVectors()) {
            Object value = column.getObject(row);
            if (value != null) {
                object.set(column.getName(), node(value));
            }
        }
        return object;
    }

    private static JsonNode node(@Nullable Object value) {
        return switch (value) {
            case null -> NODES.nullNode();
            case Boolean flag -> NODES.booleanNode(flag);
            case Long number -> NODES.numberNode(number);
            case Integer number -> NODES.numberNode(number);
            case Short number -> NODES.numberNode(number);
            case Byte number -> NODES.numberNode(number);
            case Double number -> NODES.numberNode(number);
            case Float number -> NODES.numberNode(number);
            case byte[] bytes -> NODES.binaryNode(bytes);
            case List<?> list -> {
                ArrayNode values = NODES.arrayNode();
                list.forEach(element -> values.add(node(element)));
                yield values;
            }
            case Map<?, ?> fields -> {
                ObjectNode object = NODES.objectNode();
                fields.forEach((name, field) -> {
                    if (field != null) {
                        object.set(String.valueOf(name), node(field));
                    }
                });
                yield object;
            }
            default -> NODES.textNode(value.toString()); // texts come as a class of the library's own
        };
    }
}
