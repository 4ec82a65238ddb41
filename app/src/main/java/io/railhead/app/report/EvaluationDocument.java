package io.railhead.app.report;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.app.run.BenchmarkEvaluation;
import io.railhead.app.run.Evaluation;
import io.railhead.app.run.Item;
import io.railhead.transit.Question;
import io.railhead.transit.data.ImageSource;
import io.railhead.transit.data.TaskItem;
import java.util.ArrayList;
import java.util.List;

/// An evaluation as the formats write it, whatever was evaluated.
///
/// @param summary the rows as texts, the first of which is the head
/// @param answers a row an answer, likewise
/// @param json the rows and the answers
/// @param asked what a page shows beside each picture
public record EvaluationDocument(
        String title, List<List<String>> summary, List<List<String>> answers, String json, List<Asked> asked) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private static final List<String> MAP_COLUMNS = List.of(
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
            "reference");
    private static final List<String> OWN_COLUMNS =
            List.of("id", "kind", "difficulty", "correct", "reward", "tokens", "response", "reference");

    /// One question with its answer and the verdict.
    record Asked(List<ImageSource> images, String question, String answer, String reference, boolean correct) {}

    public static EvaluationDocument of(Evaluation evaluation) {
        List<List<String>> answers = new ArrayList<>();
        answers.add(evaluation.isOwn() ? OWN_COLUMNS : MAP_COLUMNS);
        List<Asked> asked = new ArrayList<>();
        for (Evaluation.Answer answer : evaluation.answers()) {
            Item item = answer.item();
            answers.add(
                    switch (item) {
                        case Item.OfMap(TaskItem task) -> row(answer, task.question());
                        case Item.Own _ -> row(answer);
                    });
            asked.add(new Asked(item.images(), item.text(), answer.response(), item.reference(), answer.correct()));
        }
        return new EvaluationDocument(
                "Evaluation: " + evaluation.answers().size() + " questions",
                EvaluationRows.of(evaluation).cells(),
                answers,
                EvaluationRows.withAnswers(evaluation),
                asked);
    }

    private static List<String> row(Evaluation.Answer answer, Question question) {
        return List.of(
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
                question.referenceResponse());
    }

    private static List<String> row(Evaluation.Answer answer) {
        Item item = answer.item();
        return List.of(
                item.id(),
                item.kind(),
                item.difficulty(),
                Boolean.toString(answer.correct()),
                Double.toString(answer.reward()),
                Integer.toString(answer.tokens()),
                answer.response(),
                item.reference());
    }

    public static EvaluationDocument of(BenchmarkEvaluation evaluation) {
        List<List<String>> answers = new ArrayList<>();
        answers.add(List.of("id", "groups", "correct", "tokens", "response", "reference"));
        List<Asked> asked = new ArrayList<>();
        ObjectNode json = json(evaluation);
        var list = json.putArray("answers");
        for (BenchmarkEvaluation.Answer answer : evaluation.answers()) {
            var item = answer.item();
            answers.add(List.of(
                    item.id(),
                    String.join("/", item.groups()),
                    Boolean.toString(answer.correct()),
                    Integer.toString(answer.tokens()),
                    answer.response(),
                    item.answer()));
            asked.add(new Asked(
                    List.of(item.image()), item.prompt(), answer.response(), item.answer(), answer.correct()));
            ObjectNode entry = list.addObject().put("id", item.id());
            item.groups().forEach(entry.putArray("groups")::add);
            entry.put("response", answer.response())
                    .put("reference", item.answer())
                    .put("correct", answer.correct())
                    .put("tokens", answer.tokens());
        }
        return new EvaluationDocument(
                "%s: %d questions"
                        .formatted(
                                evaluation.benchmark().wireName(),
                                evaluation.answers().size()),
                new EvaluationRows(answers.size() - 1, evaluation.meanTokens(), evaluation.rows(), List.of(), List.of())
                        .cells(),
                answers,
                json.toPrettyString(),
                asked);
    }

    /// What a benchmark's evaluation came to, without the answers, on one line.
    public static String rowsOf(BenchmarkEvaluation evaluation) {
        return json(evaluation).toString();
    }

    private static ObjectNode json(BenchmarkEvaluation evaluation) {
        ObjectNode json = MAPPER.createObjectNode()
                .put("benchmark", evaluation.benchmark().wireName())
                .put("questions", evaluation.answers().size())
                .put("mean_tokens", evaluation.meanTokens());
        return json.set("accuracy", MAPPER.valueToTree(evaluation.rows()));
    }
}
