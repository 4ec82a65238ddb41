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
import io.railhead.transit.metric.EvaluationMode;
import io.railhead.transit.metric.EvaluationTable;
import io.railhead.transit.metric.Intervals;
import io.railhead.transit.metric.Outcome;
import io.railhead.transit.metric.PlanningJudge;
import io.railhead.transit.metric.PlanningVerdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;

/// A policy's greedy answers to held-out questions, and what they are worth.
public record Evaluation(List<Answer> answers, Intervals intervals) {
    /// One response with the verdict on it.
    ///
    /// @param mapScore of a planning answer; 0 for all others
    public record Answer(TaskItem item, String response, int tokens, boolean correct, double mapScore) {
        static Answer of(TaskItem item, String response, int tokens, EvaluationMode mode) {
            if (item.question().type() != QuestionType.PLANNING) {
                return new Answer(item, response, tokens, AnswerChecker.isCorrect(item.key(), response), 0);
            }
            PlanningVerdict verdict = PlanningJudge.of(item, mode).judge(response);
            return new Answer(item, response, tokens, verdict.correct(), verdict.mapScore());
        }

        public Question question() {
            return item.question();
        }

        private Outcome outcome() {
            return new Outcome(
                    question().type(),
                    question().mapDifficulty(),
                    question().questionTransferCount(),
                    correct,
                    question().form(),
                    mapScore,
                    tokens);
        }
    }

    public Evaluation {
        answers = List.copyOf(answers);
    }

    /// Asks all questions at once, on the calling thread.
    ///
    /// @param progress hears how many are answered
    public static Evaluation of(
            GenerationEngine engine,
            TaskSource source,
            List<TaskItem> items,
            EvalSettings settings,
            IntConsumer progress) {
        List<GenerationRequest> requests = items.stream()
                .map(item -> new GenerationRequest(
                        item.question().id(),
                        source.task(item).prompt(),
                        List.of(0),
                        SamplingParams.greedy(settings.maxTokens()),
                        0))
                .toList();
        List<FinishedSequence> responses = Responses.to(requests, engine, progress);
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            FinishedSequence response = responses.get(i);
            answers.add(
                    Answer.of(items.get(i), response.text(), response.response().size(), settings.mode()));
        }
        return new Evaluation(answers, settings.intervals());
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
        EvaluationTable table = new EvaluationTable(intervals);
        answers.forEach(answer -> table.add(answer.outcome()));
        return table;
    }

    public double meanTokens() {
        return answers.stream().mapToInt(Answer::tokens).average().orElse(0);
    }
}
