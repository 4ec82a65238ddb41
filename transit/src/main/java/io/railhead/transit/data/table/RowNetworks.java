package io.railhead.transit.data.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.StationFile;
import io.railhead.transit.TransitNetwork;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// The networks that rows name or hold in their column `json`: a path, the object itself, or the object as a text.
final class RowNetworks {
    private final TableFolder folder;
    private final Map<Path, TransitNetwork> read = new HashMap<>();

    RowNetworks(TableFolder folder) {
        this.folder = folder;
    }

    TransitNetwork of(JsonNode row, String city) {
        JsonNode json = row.path("json");
        if (json.isObject()) {
            return StationFile.of(json, "json", city).network();
        }
        if (!json.isTextual()) {
            throw new InvalidDataException("json is %s, neither a network nor a path".formatted(row.get("json")));
        }
        String text = json.textValue();
        if (text.stripLeading().startsWith("{")) {
            try {
                return StationFile.of(JsonRows.parse(text), "json", city).network();
            } catch (JsonProcessingException e) {
                throw new InvalidDataException("json is not JSON: " + e.getOriginalMessage(), e);
            }
        }
        Path file = folder.resolve(text)
                .orElseThrow(() -> new InvalidDataException("json names " + text + ", which is neither below "
                        + folder.root() + " nor below a folder above it"));
        return read.computeIfAbsent(file, _ -> StationFile.read(file, city).network());
    }
}
