package io.railhead.app.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.railhead.app.run.UsageException;

/// JSON in and out of the commands.
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .addModule(JsonValues.module())
            .build();

    private Json() {}

    /// One value on one line.
    static String line(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not representable as JSON: " + value.getClass(), e);
        }
    }

    /// One line of JSON lines.
    ///
    /// @throws UsageException naming `where` if it is not one JSON object
    static JsonNode object(String line, String where) {
        try {
            JsonNode node = MAPPER.readTree(line);
            if (node == null || !node.isObject()) {
                throw new UsageException(where + " is not a JSON object");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new UsageException(where + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }
}
