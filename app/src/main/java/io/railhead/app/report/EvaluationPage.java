package io.railhead.app.report;

import io.railhead.transit.data.ImageSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An evaluation as a page: the tables, then the pictures of each question, answers and verdicts.
final class EvaluationPage {
    private EvaluationPage() {}

    /// The pictures go into a folder of the page's name with `-maps` behind it.
    static void write(EvaluationDocument evaluation, Path file) throws IOException {
        String folder = file.getFileName().toString().replaceFirst("\\.[^.]*$", "") + "-maps";
        Path maps = file.resolveSibling(folder);
        HtmlReport page = new HtmlReport(evaluation.title()).table("Accuracy", evaluation.summary());
        Map<List<ImageSource>, List<List<String>>> byMap = new LinkedHashMap<>();
        for (EvaluationDocument.Asked asked : evaluation.asked()) {
            byMap.computeIfAbsent(asked.images(), _ -> head())
                    .add(List.of(
                            asked.question().strip(),
                            asked.answer().strip(),
                            asked.reference(),
                            asked.correct() ? "right" : "wrong"));
        }
        for (var map : byMap.entrySet()) {
            for (ImageSource image : map.getKey()) {
                String name = image.name().replace('/', '-');
                Files.createDirectories(maps);
                Files.write(maps.resolve(name), image.load());
                page.picture(name, folder + "/" + name);
            }
            page.table("", map.getValue());
        }
        Files.writeString(file, page.toString());
    }

    private static List<List<String>> head() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("question", "answer", "reference", "verdict"));
        return rows;
    }
}
