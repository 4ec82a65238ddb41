package io.railhead.transit.data.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.StationFile;
import io.railhead.transit.TidyNetwork;
import io.railhead.transit.TransitNetwork;
import io.railhead.transit.data.KnownLayouts;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// The networks that rows name or hold in their column `json`: a path, the object itself, or the object as a text.
final class RowNetworks {
    private final TableFolder folder;
    private final Map<Path, StationFile> read = new HashMap<>();
    private final Map<String, TransitNetwork> tidied = new HashMap<>();

    RowNetworks(TableFolder folder) {
        this.folder = folder;
    }

    /// As the published scorer takes it: names and lists as they are.
    TransitNetwork of(JsonNode row, String city) {
        return file(row, city).network();
    }

    /// With branches and loops laid out as far as they are known, for routes.
    TransitNetwork tidy(JsonNode row, String city) {
        String country = row.path("country").asText();
        JsonNode json = row.path("json");
        return json.isTextual()
                ? tidied.computeIfAbsent(country + "/" + city + " " + json.textValue(), _ -> tidied(row, country, city))
                : tidied(row, country, city);
    }

    private TransitNetwork tidied(JsonNode row, String country, String city) {
        return TidyNetwork.of(file(row, city), KnownLayouts.of(folder.root(), country, city))
                .network();
    }

    private StationFile file(JsonNode row, String city) {
        JsonNode json = row.path("json");
        if (json.isObject()) {
            return StationFile.of(json, "json", city);
        }
        if (!json.isTextual()) {
            throw new InvalidDataException("json is %s, neither a network nor a path".formatted(row.get("json")));
        }
        String text = json.textValue();
        if (text.stripLeading().startsWith("{")) {
            try {
                return StationFile.of(JsonRows.parse(text), "json", city);
            } catch (JsonProcessingException e) {
                throw new InvalidDataException("json is not JSON: " + e.getOriginalMessage(), e);
            }
        }
        Path path = folder.resolve(text)
                .orElseThrow(() -> new InvalidDataException("json names " + text + ", which is neither below "
                        + folder.root() + " nor below a folder above it"));
        return read.computeIfAbsent(path, _ -> StationFile.read(path, city));
    }
}
