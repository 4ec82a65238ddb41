package io.railhead.transit.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.PlanningForm;
import io.railhead.transit.Question;
import io.railhead.transit.QuestionType;
import io.railhead.transit.Seeds;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Questions about the cities of a folder, written as JSON lines with the columns and splits of the published data
/// sets: `reasonmap/train.jsonl` and `validation.jsonl`, `reasonmap-plus/train.jsonl` and `test.jsonl`,
/// `reasonmap-train/train.jsonl`. Beside them lie the tidy networks (`stations/`) and the maps (`maps/`) that the rows
/// name.
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
        Files.writeString(
                stations,
                JSON.writerWithDefaultPrettyPrinter()
                        .writeValueAsString(city.tidy().network().lines()));
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
