package io.railhead.transit.data.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/// JSON lines: one object a line; blank lines are skipped.
final class JsonRows {
    private static final int LONGEST_TEXT = 1 << 28; // a base64 map has tens of megabytes

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(LONGEST_TEXT)
                            .build())
                    .build())
            .build();

    private JsonRows() {}

    static void read(Path file, Consumer<ObjectNode> rows) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    rows.accept(object(line, number));
                }
            }
        }
    }

    /// A value of a column that holds JSON as a text.
    static JsonNode parse(String text) throws JsonProcessingException {
        return JSON.readTree(text);
    }

    private static ObjectNode object(String line, int number) throws IOException {
        try {
            if (JSON.readTree(line) instanceof ObjectNode object) {
                return object;
            }
            throw new IOException("line " + number + " is not a JSON object");
        } catch (JsonProcessingException e) {
            throw new IOException("line " + number + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }
}
