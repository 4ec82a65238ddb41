package io.railhead.transit.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.LineLayout;
import io.railhead.transit.PlanningForm;
import io.railhead.transit.Question;
import io.railhead.transit.QuestionType;
import io.railhead.transit.Seeds;
import io.railhead.transit.TransitNetwork;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Questions about the cities of a folder, written as JSON lines with the columns and splits of the published data
/// sets: `reasonmap/train.jsonl` and `validation.jsonl`, `reasonmap-plus/train.jsonl` and `test.jsonl`,
/// `reasonmap-train/train.jsonl`. Beside them lie the tidy networks (`stations/`, `layouts/`) and the maps (`maps/`)
/// that the rows name.
public final class DataSetExport {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// How many rows each file got.
    public record Contents(Map<String, Integer> rows, CityFolder cities) {}

    private DataSetExport() {}

    /// Everything is in place when this returns; when it throws, nothing is at `out`.
    ///
    /// @param out must not exist, or be empty
    /// @throws InvalidDataException if the folder or one of its files cannot be used
    public static Contents write(Path folder, Path out, long seed, int questionsPerTypePerCity) throws IOException {
        CityFolder cities = CityFolder.read(folder, _ -> true);
        Path target = out.toAbsolutePath().normalize();
        Files.createDirectories(target.getParent());
        Path work = Files.createTempDirectory(target.getParent(), target.getFileName() + ".unfinished-");
        try {
            var rows = new LinkedHashMap<String, Integer>();
            for (City city : cities.cities()) {
                write(city, work, rows, FolderTasks.items(city, seed, questionsPerTypePerCity, _ -> true), seed);
            }
            Files.deleteIfExists(target); // an empty folder, or it fails
            Files.move(work, target);
            return new Contents(rows, cities);
        } catch (IOException | RuntimeException e) {
            FileTree.delete(work);
            throw e;
        }
    }

    private static void write(City city, Path out, Map<String, Integer> rows, List<TaskItem> items, long seed)
            throws IOException {
        Path stations = out.resolve(DataSetRows.stations(city));
        Files.createDirectories(stations.getParent());
        TransitNetwork network = city.tidy().network();
        Files.writeString(stations, pretty(marked(network)));
        if (!network.layouts().isEmpty()) {
            Path layouts = out.resolve("layouts").resolve(city.country()).resolve(city.name() + ".json");
            Files.createDirectories(layouts.getParent());
            Files.writeString(layouts, pretty(KnownLayouts.toJson(told(network))));
        }
        Path map = out.resolve(DataSetRows.map(city));
        Files.createDirectories(map.getParent());
        Files.copy(city.image().file(), map);
        boolean train = city.split() == Split.TRAIN;
        for (TaskItem item : items) {
            Question question = item.question();
            if (question.type() == QuestionType.PLANNING) {
                append(
                        out,
                        rows,
                        "reasonmap/" + (train ? "train" : "validation"),
                        DataSetRows.reasonMap(city, question, longForm(question, seed)));
            } else {
                append(out, rows, "reasonmap-plus/" + (train ? "train" : "test"), DataSetRows.plain(city, question));
            }
            if (train) {
                append(out, rows, "reasonmap-train/train", DataSetRows.plain(city, question));
            }
        }
    }

    /// The lists, with the mark of branches of which nobody knows where they begin.
    private static Map<String, List<String>> marked(TransitNetwork network) {
        var lines = new LinkedHashMap<String, List<String>>();
        network.lines().forEach((line, stations) -> {
            var written = new ArrayList<>(stations);
            LineLayout layout = network.layouts().getOrDefault(line, LineLayout.PLAIN);
            if (layout.unlocated() != null) {
                int at = stations.indexOf(layout.unlocated());
                written.set(at, stations.get(at) + " (Branch-starting Station)");
            }
            lines.put(line, written);
        });
        return lines;
    }

    private static Map<String, LineLayout> told(TransitNetwork network) {
        var told = new TreeMap<>(network.layouts());
        told.values().removeIf(layout -> layout.unlocated() != null);
        return told;
    }

    private static String pretty(Object value) throws IOException {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    }

    private static PlanningForm longForm(Question question, long seed) {
        boolean count =
                Seeds.random(Seeds.derive(seed, question.id().hashCode())).nextBoolean();
        return count ? PlanningForm.VIA_COUNT : PlanningForm.VIA_STOPS;
    }

    private static void append(Path out, Map<String, Integer> rows, String name, JsonNode row) throws IOException {
        Path file = out.resolve(name + ".jsonl");
        Files.createDirectories(file.getParent());
        try (BufferedWriter lines =
                Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            lines.write(JSON.writeValueAsString(row));
            lines.newLine();
        }
        rows.merge(name, 1, Integer::sum);
    }
}
