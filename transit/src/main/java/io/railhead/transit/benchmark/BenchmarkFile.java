package io.railhead.transit.benchmark;

import com.fasterxml.jackson.databind.node.TextNode;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.data.ImageSource;
import io.railhead.transit.data.table.Figures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// Reads a benchmark from a TSV file with the columns `index`, `image` (base64, or the index of the row that has
/// it) or `image_path` (from the file's folder, or from `images/` and the file's name in it), `question`, `hint`,
/// `A` to `Z`, `answer`, and what its accuracy is broken down by: `split`, `l2-category`, `category`,
/// `cycle_category`.
///
/// Rows without a picture are left out, as VLMEvalKit does.
public final class BenchmarkFile {
    private static final int LONGEST_INDEX = 64; // an image field that is no longer is another row's index
    private static final List<String> GROUPS = List.of("split", "l2-category", "category");
    private static final String IMAGE = "image";

    private final Path file;
    private final Benchmark benchmark;
    private final Figures held = Figures.held();
    private final Figures named;
    private final Map<String, ImageSource> images = new HashMap<>();
    private final List<Map<String, String>> rows = new ArrayList<>(); // without pictures

    private BenchmarkFile(Path file, Benchmark benchmark) {
        this.file = file;
        this.benchmark = benchmark;
        this.named = Figures.found(this::picture);
    }

    /// @throws InvalidDataException if the file cannot be read or a column is missing; the message names it
    public static List<BenchmarkItem> read(Path file, Benchmark benchmark) {
        var reader = new BenchmarkFile(file, benchmark);
        TsvFile.forEach(file, reader::take);
        return reader.rows.stream().map(reader::item).toList(); // a row's picture may come behind it
    }

    private void take(Map<String, String> row) {
        String index = column(row, "index");
        String image =
                row.containsKey("image_path") && row.getOrDefault(IMAGE, "").isEmpty()
                        ? column(row, "image_path")
                        : column(row, IMAGE);
        if (image.isBlank()) {
            return;
        }
        try {
            if (!row.containsKey(IMAGE) || row.get(IMAGE).isEmpty()) {
                images.put(index, named.of(TextNode.valueOf(image)));
                row.put(IMAGE, index);
            } else if (image.length() > LONGEST_INDEX) {
                images.put(index, held.of(TextNode.valueOf(image)));
                row.put(IMAGE, index);
            }
        } catch (InvalidDataException e) {
            throw new InvalidDataException(where(row) + ": " + e.getMessage(), e);
        }
        rows.add(row);
    }

    private BenchmarkItem item(Map<String, String> row) {
        ImageSource image = images.get(row.get(IMAGE));
        if (image == null) {
            throw new InvalidDataException(
                    "%s: image is '%s', the index of no row with a picture".formatted(where(row), row.get(IMAGE)));
        }
        SequencedMap<String, String> options = options(row);
        return new BenchmarkItem(
                column(row, "index"),
                GROUPS.stream()
                        .map(group -> row.getOrDefault(group, ""))
                        .filter(group -> !group.isBlank())
                        .distinct()
                        .toList(),
                row.getOrDefault("cycle_category", ""),
                prompt(row, options),
                options,
                column(row, "answer").strip(),
                image);
    }

    private static SequencedMap<String, String> options(Map<String, String> row) {
        var options = new LinkedHashMap<String, String>();
        for (char letter = 'A'; letter <= 'Z'; letter++) {
            String text = row.getOrDefault(String.valueOf(letter), "");
            if (!text.isBlank()) {
                options.put(String.valueOf(letter), text);
            }
        }
        return options;
    }

    private String prompt(Map<String, String> row, SequencedMap<String, String> options) {
        String question = column(row, "question");
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

    /// Files of more than a gigabyte are made over by VLMEvalKit: `NAME_local.tsv`, the pictures in `images/NAME`.
    private Optional<Path> picture(String path) {
        Path folder = file.toAbsolutePath().getParent();
        String name = String.valueOf(file.getFileName()).replaceFirst("(_local)?\\.tsv$", "");
        return folder == null
                ? Optional.empty()
                : Stream.of(
                                folder.resolve(path),
                                folder.resolve("images").resolve(name).resolve(path))
                        .filter(Files::isRegularFile)
                        .findFirst();
    }

    private String where(Map<String, String> row) {
        return file + ", index " + row.get("index");
    }

    private String column(Map<String, String> row, String name) {
        String value = row.get(name);
        if (value == null) {
            throw new InvalidDataException(file + " has no column '" + name + "'");
        }
        return value;
    }
}
