package io.railhead.transit.benchmark;

import com.fasterxml.jackson.databind.node.TextNode;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.data.ImageSource;
import io.railhead.transit.data.table.Figures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Reads a benchmark from a TSV file with the columns `index`, `image` (base64, or the index of a row that has it),
/// `question`, `hint`, `A` to `H`, `answer` and the benchmark's group.
public final class BenchmarkFile {
    private static final int LONGEST_INDEX = 64; // an image field that is no longer is another row's index
    private static final List<String> LETTERS = List.of("A", "B", "C", "D", "E", "F", "G", "H");

    private BenchmarkFile() {}

    /// @throws InvalidDataException if the file cannot be read or a column is missing; the message names it
    public static List<BenchmarkItem> read(Path file, Benchmark benchmark) {
        var figures = Figures.held();
        Map<String, ImageSource> images = new HashMap<>();
        var items = new ArrayList<BenchmarkItem>();
        TsvFile.forEach(file, row -> {
            String index = column(row, "index", file);
            String where = file + ", index " + index;
            String image = column(row, "image", file);
            try {
                ImageSource source =
                        image.length() <= LONGEST_INDEX ? images.get(image) : figures.of(TextNode.valueOf(image));
                if (source == null) {
                    throw new InvalidDataException("image is '" + image + "', the index of no row before it");
                }
                images.put(index, source);
                SequencedMap<String, String> options = options(row);
                items.add(new BenchmarkItem(
                        index,
                        row.getOrDefault(benchmark.group(), ""),
                        prompt(benchmark, row, column(row, "question", file), options),
                        options,
                        column(row, "answer", file).strip(),
                        source));
            } catch (InvalidDataException e) {
                throw new InvalidDataException(where + ": " + e.getMessage(), e);
            }
        });
        return List.copyOf(items);
    }

    private static SequencedMap<String, String> options(Map<String, String> row) {
        var options = new LinkedHashMap<String, String>();
        for (String letter : LETTERS) {
            String text = row.getOrDefault(letter, "");
            if (!text.isBlank()) {
                options.put(letter, text);
            }
        }
        return options;
    }

    private static String prompt(
            Benchmark benchmark, Map<String, String> row, String question, SequencedMap<String, String> options) {
        if (benchmark.metric() == Benchmark.Metric.RELAXED) {
            return question + "\nAnswer the question using a single word or phrase.";
        }
        String hint = row.getOrDefault("hint", "");
        var prompt = new StringBuilder(hint.isBlank() ? "" : "Hint: " + hint + "\n");
        prompt.append("Question: ").append(question).append('\n');
        if (!options.isEmpty()) {
            prompt.append("Options:\n");
            options.forEach((letter, text) ->
                    prompt.append(letter).append(". ").append(text).append('\n'));
            prompt.append("Please select the correct answer from the options above. \n");
        }
        return prompt.toString();
    }

    private static String column(Map<String, String> row, String name, Path file) {
        String value = row.get(name);
        if (value == null) {
            throw new InvalidDataException(file + " has no column '" + name + "'");
        }
        return value;
    }
}
