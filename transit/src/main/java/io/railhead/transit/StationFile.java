package io.railhead.transit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// A station file as it was read: the network, with the marks taken off the names, and how many entries were marked as
/// transfer stations, counted with repetition (the data sets' `city_transfer_count`).
///
/// The layout is one JSON object, line name to ordered list of station names, in UTF-8. Names are left as they are but
/// for their marks; [TidyNetwork] mends what is untidy.
///
/// @param entries the lists as they were written, with marks
public record StationFile(TransitNetwork network, int transferMarks, SequencedMap<String, List<String>> entries) {
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    /// @throws InvalidDataException if the file is missing, is not JSON, or is not of this layout
    public static StationFile read(Path file, String city) {
        if (!Files.isRegularFile(file)) {
            throw new InvalidDataException("station file " + file + " does not exist");
        }
        try (JsonParser parser = JSON.createParser(Files.newInputStream(file))) {
            JsonNode root = JSON.readTree(parser);
            if (root != null && parser.nextToken() != null) {
                throw new InvalidDataException("station file " + file + " goes on after the end of its JSON object");
            }
            return of(root, "station file " + file, city);
        } catch (JsonProcessingException e) {
            throw new InvalidDataException("station file " + file + " is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new InvalidDataException("station file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /// The same from a JSON tree; `where` is how messages name its origin.
    ///
    /// @throws InvalidDataException if the tree is not of this layout
    public static StationFile of(@Nullable JsonNode root, String where, String city) {
        if (root == null || !root.isObject() || root.isEmpty()) {
            throw new InvalidDataException(where + " is not an object of line name to list of station names");
        }
        var lines = new LinkedHashMap<String, List<String>>();
        var entries = new LinkedHashMap<String, List<String>>();
        int marks = 0;
        for (var line : root.properties()) {
            if (!line.getValue().isArray() || line.getValue().isEmpty()) {
                throw new InvalidDataException(where + ": line '" + line.getKey() + "' is not a list of station names");
            }
            var stations = new ArrayList<String>();
            var written = new ArrayList<String>();
            for (JsonNode entry : line.getValue()) {
                String name = entry.isTextual() ? StationNames.withoutMarks(entry.textValue()) : "";
                if (name.isBlank() || line.getKey().isBlank()) {
                    throw new InvalidDataException(
                            "%s: line '%s' has the entry %s, not a name".formatted(where, line.getKey(), entry));
                }
                marks += StationNames.isMarkedTransfer(entry.textValue()) ? 1 : 0;
                stations.add(name);
                written.add(entry.textValue());
            }
            lines.put(line.getKey(), stations);
            entries.put(line.getKey(), List.copyOf(written));
        }
        return new StationFile(new TransitNetwork(city, lines), marks, Collections.unmodifiableSequencedMap(entries));
    }
}
