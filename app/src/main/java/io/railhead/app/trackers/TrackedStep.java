package io.railhead.app.trackers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// A line of `metrics.jsonl`.
///
/// @param version of the policy that the train step made, from 1 on
/// @param values all that is a number, but the version, by name; what was not finite is not there
record TrackedStep(long version, Instant time, String stage, Map<String, Double> values) {
    private static final ObjectMapper JSON = new ObjectMapper();

    TrackedStep {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /// @throws IOException if it is not the line of a step
    static TrackedStep parse(String line) throws IOException {
        JsonNode object = JSON.readTree(line);
        if (!object.path("version").canConvertToLong() || !object.path("time").isTextual()) {
            throw new IOException("not the metrics of a step: " + line);
        }
        Map<String, Double> values = new TreeMap<>();
        object.properties().forEach(field -> {
            if (field.getValue().isNumber() && !field.getKey().equals("version")) {
                values.put(field.getKey(), field.getValue().doubleValue());
            }
        });
        return new TrackedStep(
                object.path("version").longValue(),
                time(object.path("time").textValue()),
                object.path("stage").asText(),
                values);
    }

    private static Instant time(String text) throws IOException {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IOException("not a time: " + text, e);
        }
    }
}
