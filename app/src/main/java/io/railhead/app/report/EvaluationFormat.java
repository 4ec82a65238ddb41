package io.railhead.app.report;

import io.railhead.app.run.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What an evaluation can be written as.
public enum EvaluationFormat {
    /// The rows and every answer.
    JSON {
        @Override
        public void write(EvaluationDocument evaluation, Path file) throws IOException {
            Files.writeString(file, evaluation.json());
        }
    },
    /// A line an answer.
    CSV {
        @Override
        public void write(EvaluationDocument evaluation, Path file) throws IOException {
            Files.writeString(
                    file,
                    evaluation.answers().stream()
                            .map(row -> row.stream().map(EvaluationFormat::csv).collect(Collectors.joining(",")))
                            .collect(Collectors.joining("\n", "", "\n")));
        }
    },
    /// The tables.
    MD {
        @Override
        public void write(EvaluationDocument evaluation, Path file) throws IOException {
            List<List<String>> rows = evaluation.summary();
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < rows.size(); i++) {
                text.append("| ").append(String.join(" | ", rows.get(i))).append(" |\n");
                text.append(i == 0 ? "|---|" + "---:|".repeat(rows.getFirst().size() - 1) + "\n" : "");
            }
            Files.writeString(file, text);
        }
    },
    /// The tables, and each map with what was asked about it; the maps lie in a folder beside the page.
    HTML {
        @Override
        public void write(EvaluationDocument evaluation, Path file) throws IOException {
            EvaluationPage.write(evaluation, file);
        }
    };

    /// Writes the file anew, and nothing else but what the format says.
    public abstract void write(EvaluationDocument evaluation, Path file) throws IOException;

    /// The format that a file's name ends in.
    ///
    /// @throws UsageException if it is none
    public static EvaluationFormat of(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        for (EvaluationFormat format : values()) {
            if (name.endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
                return format;
            }
        }
        throw new UsageException(file + " ends in none of .json, .csv, .md, .html (or say --format)");
    }

    private static String csv(String cell) {
        boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? cell : "\"" + cell.replace("\"", "\"\"") + "\"";
    }
}
