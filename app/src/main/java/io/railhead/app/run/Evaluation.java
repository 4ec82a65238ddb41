package io.railhead.app.run;

import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.SamplingParams;
import io.railhead.transit.Question;
import io.railhead.transit.QuestionType;
import io.railhead.transit.Seeds;
import io.railhead.transit.answer.AnswerChecker;
import io.railhead.transit.data.TaskItem;
import io.railhead.transit.metric.EvaluationTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;

/// A policy's greedy answers to held-out questions, and what they are worth.
public record Evaluation(List<Answer> answers) {
    /// One response with the verdict on it.
    public record Answer(Question question, String response, int tokens, boolean correct) {}

    public Evaluation {
        answers = List.copyOf(answers);
    }

    /// Asks all questions at once, on the calling thread.
    ///
    /// @param progress hears how many are answered
    public static Evaluation of(
            GenerationEngine engine, TaskSource source, List<TaskItem> items, int maxTokens, IntConsumer progress) {
        List<GenerationRequest> requests = items.stream()
                .map(item -> new GenerationRequest(
                        item.question().id(),
                        source.task(item).prompt(),
                        List.of(0),
                        SamplingParams.greedy(maxTokens),
                        0))
                .toList();
        List<FinishedSequence> responses = Responses.to(requests, engine, progress);
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            TaskItem item = items.get(i);
            FinishedSequence response = responses.get(i);
            boolean correct = AnswerChecker.isCorrect(item.key(), response.text());
            answers.add(new Answer(
                    item.question(), response.text(), response.response().size(), correct));
        }
        return new Evaluation(answers);
    }

    /// As many questions as wanted, the same number of each type as far as there are any, scattered over the maps.
    public static List<TaskItem> choose(List<TaskItem> items, int count) {
        List<TaskItem> chosen = new ArrayList<>();
        List<List<TaskItem>> byType = new ArrayList<>();
        for (QuestionType type : QuestionType.values()) {
            List<TaskItem> ofType = items.stream()
                    .filter(item -> item.question().type() == type)
                    .toList();
            if (!ofType.isEmpty()) {
                byType.add(ofType);
            }
        }
        byType.sort((a, b) -> Integer.compare(a.size(), b.size())); // what a scarce type leaves goes to the others
        for (int i = 0; i < byType.size(); i++) {
            int share = (count - chosen.size()) / (byType.size() - i);
            chosen.addAll(some(byType.get(i), share));
        }
        return chosen;
    }

    /// Any of them, the same ones at each call, in an order that has nothing to do with the data's own.
    private static List<TaskItem> some(List<TaskItem> all, int count) {
        return all.stream()
                .sorted(Comparator.comparingLong((TaskItem item) ->
                                Seeds.derive(0, item.question().id().hashCode()))
                        .thenComparing(item -> item.question().id()))
                .limit(count)
                .toList();
    }

    public EvaluationTable table() {
        EvaluationTable table = new EvaluationTable();
        answers.forEach(answer -> table.add(answer.question(), answer.correct()));
        return table;
    }

    public double meanTokens() {
        return answers.stream().mapToInt(Answer::tokens).average().orElse(0);
    }
}
