package io.railhead.app.report;

import io.railhead.app.run.Evaluation;
import io.railhead.transit.data.ImageSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An evaluation as a page: the tables, then each map with its questions, answers and verdicts.
final class EvaluationPage {
    private EvaluationPage() {}

    /// The maps go into a folder of the page's name with `-maps` behind it.
    static void write(Evaluation evaluation, Path file) throws IOException {
        String folder = file.getFileName().toString().replaceFirst("\\.[^.]*$", "") + "-maps";
        Path maps = Files.createDirectories(file.resolveSibling(folder));
        HtmlReport page = new HtmlReport("Evaluation: " + evaluation.answers().size() + " questions")
                .table("Accuracy", EvaluationRows.of(evaluation).cells());
        Map<ImageSource, List<Evaluation.Answer>> byMap = new LinkedHashMap<>();
        evaluation
                .answers()
                .forEach(answer -> byMap.computeIfAbsent(answer.item().image(), _ -> new ArrayList<>())
                        .add(answer));
        for (var map : byMap.entrySet()) {
            String name = map.getKey().name().replace('/', '-');
            Files.write(maps.resolve(name), map.getKey().load());
            page.picture(name, folder + "/" + name);
            page.table("", questions(map.getValue()));
        }
        Files.writeString(file, page.toString());
    }

    private static List<List<String>> questions(List<Evaluation.Answer> answers) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("question", "answer", "reference", "verdict"));
        for (Evaluation.Answer answer : answers) {
            rows.add(List.of(
                    answer.question().text().strip(),
                    answer.response().strip(),
                    answer.question().referenceResponse(),
                    answer.correct() ? "right" : "wrong"));
        }
        return rows;
    }
}
