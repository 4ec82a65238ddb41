package io.railhead.transit.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.LineLayout;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What station files do not tell: which lines are loops though listed open, and where in a list a branch begins.
///
/// For the published cities this is built in. A folder can say it for its own cities, in
/// `layouts/<country>/<city>.json`: line name to `{"loop": true}`, to `{"branches": [{"from": "Fork", "first": "Its
/// first station"}]}`, to `{"joins": [["A", "B"]]}` for neighbours that the list does not show, or to `{}` for one
/// station after another, whatever is marked or comes twice.
public final class KnownLayouts {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonNode PUBLISHED = published();

    private KnownLayouts() {}

    /// @throws InvalidDataException if the folder's own file is not of this layout; the message names it
    public static Map<String, LineLayout> of(Path folder, String country, String city) {
        Map<String, LineLayout> layouts =
                new LinkedHashMap<>(parse(PUBLISHED.path(country + "/" + city), "built-in layouts"));
        Path file = folder.resolve("layouts").resolve(country).resolve(city + ".json");
        if (Files.exists(file)) {
            try {
                layouts.putAll(parse(JSON.readTree(Files.readAllBytes(file)), "layout file " + file));
            } catch (IOException e) {
                throw new InvalidDataException("layout file " + file + " cannot be read: " + e.getMessage(), e);
            }
        }
        return layouts;
    }

    private static Map<String, LineLayout> parse(JsonNode root, String where) {
        var layouts = new LinkedHashMap<String, LineLayout>();
        for (var line : root.properties()) {
            JsonNode layout = line.getValue();
            List<LineLayout.Branch> branches = new ArrayList<>();
            for (JsonNode branch : layout.path("branches")) {
                if (!branch.path("from").isTextual() || !branch.path("first").isTextual()) {
                    throw new InvalidDataException("%s: line '%s' has the branch %s, not one with 'from' and 'first'"
                            .formatted(where, line.getKey(), branch));
                }
                branches.add(new LineLayout.Branch(
                        branch.get("from").textValue(), branch.get("first").textValue()));
            }
            List<LineLayout.Join> joins = new ArrayList<>();
            for (JsonNode join : layout.path("joins")) {
                if (join.size() != 2
                        || !join.path(0).isTextual()
                        || !join.path(1).isTextual()) {
                    throw new InvalidDataException(
                            "%s: line '%s' has the join %s, not two stations".formatted(where, line.getKey(), join));
                }
                joins.add(
                        new LineLayout.Join(join.get(0).textValue(), join.get(1).textValue()));
            }
            layouts.put(line.getKey(), new LineLayout(layout.path("loop").asBoolean(), branches, joins, null, false));
        }
        return layouts;
    }

    /// What [#of] reads from a folder's own file.
    static JsonNode toJson(Map<String, LineLayout> layouts) {
        ObjectNode root = JSON.createObjectNode();
        layouts.forEach((line, layout) -> {
            ObjectNode json = root.putObject(line);
            if (layout.loop()) {
                json.put("loop", true);
            }
            layout.branches()
                    .forEach(branch -> json.withArray("branches")
                            .addObject()
                            .put("from", branch.from())
                            .put("first", branch.first()));
            layout.joins()
                    .forEach(join ->
                            json.withArray("joins").addArray().add(join.a()).add(join.b()));
        });
        return root;
    }

    private static JsonNode published() {
        try (InputStream in = KnownLayouts.class.getResourceAsStream("layouts.json")) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException("the built-in layouts", e);
        }
    }
}
