package io.railhead.app.report;

import io.railhead.app.run.Evaluation;
import io.railhead.app.run.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What an evaluation can be written as.
public enum EvaluationFormat {
    /// The rows and every answer.
    JSON {
        @Override
        public void write(Evaluation evaluation, Path file) throws IOException {
            Files.writeString(file, EvaluationRows.withAnswers(evaluation));
        }
    },
    /// A line an answer.
    CSV {
        @Override
        public void write(Evaluation evaluation, Path file) throws IOException {
            Files.writeString(
                    file,
                    answers(evaluation).stream()
                            .map(row -> row.stream().map(EvaluationFormat::csv).collect(Collectors.joining(",")))
                            .collect(Collectors.joining("\n", "", "\n")));
        }
    },
    /// The tables.
    MD {
        @Override
        public void write(Evaluation evaluation, Path file) throws IOException {
            List<List<String>> rows = EvaluationRows.of(evaluation).cells();
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
        public void write(Evaluation evaluation, Path file) throws IOException {
            EvaluationPage.write(evaluation, file);
        }
    };

    /// Writes the file anew, and nothing else but what the format says.
    public abstract void write(Evaluation evaluation, Path file) throws IOException;

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

    /// One row an answer, with a head.
    private static List<List<String>> answers(Evaluation evaluation) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "id",
                "type",
                "form",
                "city",
                "difficulty_city",
                "difficulty_question",
                "correct",
                "map_score",
                "tokens",
                "response",
                "reference"));
        for (Evaluation.Answer answer : evaluation.answers()) {
            var question = answer.question();
            rows.add(List.of(
                    question.id(),
                    question.type().wireName(),
                    question.form().wireName(),
                    question.city(),
                    question.mapDifficulty().wireName(),
                    question.difficulty().wireName(),
                    Boolean.toString(answer.correct()),
                    Double.toString(answer.mapScore()),
                    Integer.toString(answer.tokens()),
                    answer.response(),
                    question.referenceResponse()));
        }
        return rows;
    }

    private static String csv(String cell) {
        boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? cell : "\"" + cell.replace("\"", "\"\"") + "\"";
    }
}
