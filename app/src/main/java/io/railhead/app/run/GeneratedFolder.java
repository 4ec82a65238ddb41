package io.railhead.app.run;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.transit.Question;
import io.railhead.transit.data.GeneratedTasks;
import io.railhead.transit.data.Split;
import io.railhead.transit.data.TaskItem;
import io.railhead.transit.data.TaskSet;
import io.railhead.transit.map.GeneratedMap;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Generated maps written as a folder of `stations/generated/<city>.json` and `maps/generated/<city>.png`, with the
/// questions in `questions.jsonl` under the names that the data sets use.
public final class GeneratedFolder {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String COUNTRY = "generated";

    /// What was written.
    public record Contents(int maps, int questions) {}

    private GeneratedFolder() {}

    public static Contents write(Path folder, DataSettings settings, Split split) throws IOException {
        List<GeneratedMap> maps = GeneratedTasks.maps(settings.seed(), settings.mapsPerDifficulty(), split);
        TaskSet tasks =
                GeneratedTasks.of(settings.seed(), settings.mapsPerDifficulty(), settings.questionsPerType(), split);
        Path stations = Files.createDirectories(folder.resolve("stations").resolve(COUNTRY));
        for (GeneratedMap map : maps) {
            Files.writeString(
                    stations.resolve(map.network().city() + ".json"),
                    JSON.writerWithDefaultPrettyPrinter()
                            .writeValueAsString(map.network().lines()));
        }
        writePictures(folder, tasks);
        try (BufferedWriter lines = Files.newBufferedWriter(folder.resolve("questions.jsonl"))) {
            for (TaskItem item : tasks.items()) {
                lines.write(JSON.writeValueAsString(object(item)));
                lines.newLine();
            }
        }
        return new Contents(maps.size(), tasks.size());
    }

    private static void writePictures(Path folder, TaskSet tasks) throws IOException {
        Path pictures = Files.createDirectories(folder.resolve("maps").resolve(COUNTRY));
        Set<String> written = new HashSet<>();
        for (TaskItem item : tasks.items()) {
            if (written.add(item.image().name())) {
                Files.write(pictures.resolve(item.image().name()), item.image().load());
            }
        }
    }

    private static ObjectNode object(TaskItem item) {
        Question question = item.question();
        return JSON.createObjectNode()
                .put("id", question.id())
                .put("type", question.type().wireName())
                .put("city", question.city())
                .put("country", COUNTRY)
                .put("difficulty_city", question.mapDifficulty().wireName())
                .put("station_1", question.station1())
                .put("station_2", question.station2())
                .put("question_transfer_count", question.questionTransferCount())
                .put("answer", question.answer())
                .put("question", question.text())
                .put("reference_response", question.referenceResponse())
                .put("image", "maps/" + COUNTRY + "/" + item.image().name());
    }
}
