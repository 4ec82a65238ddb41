package io.railhead.app.run;

import io.railhead.actors.protocol.Score;
import io.railhead.app.questions.OwnItem;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.SamplingParams;
import io.railhead.reward.RewardSettings;
import io.railhead.transit.QuestionType;
import io.railhead.transit.Seeds;
import io.railhead.transit.answer.AnswerChecker;
import io.railhead.transit.data.TaskItem;
import io.railhead.transit.metric.Accuracy;
import io.railhead.transit.metric.EvaluationMode;
import io.railhead.transit.metric.EvaluationTable;
import io.railhead.transit.metric.Intervals;
import io.railhead.transit.metric.Mean;
import io.railhead.transit.metric.Outcome;
import io.railhead.transit.metric.PlanningJudge;
import io.railhead.transit.metric.PlanningVerdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/// A policy's greedy answers to held-out questions, and what they are worth.
public record Evaluation(List<Answer> answers, Intervals intervals) {
    private static final List<String> MAP_KINDS =
            Arrays.stream(QuestionType.values()).map(QuestionType::wireName).toList();

    /// One response with the verdict on it.
    ///
    /// @param mapScore of a planning answer; 0 for all others
    /// @param score what the run's scoring function said, of a question of one's own
    public record Answer(
            Item item, String response, int tokens, boolean correct, double mapScore, Optional<Score> score) {
        static Answer of(Item item, String response, int tokens, EvaluationMode mode, Verdicts verdicts) {
            return switch (item) {
                case Item.OfMap(TaskItem task) -> ofMap(task, response, tokens, mode);
                case Item.Own(OwnItem own) -> {
                    Score score = verdicts.of(own.question(), response);
                    yield new Answer(item, response, tokens, score.correct(), 0, Optional.of(score));
                }
            };
        }

        /// An answer to a question about a map, judged by the benchmark's rules whatever trained it.
        static Answer ofMap(TaskItem task, String response, int tokens, EvaluationMode mode) {
            if (task.question().type() != QuestionType.PLANNING) {
                return ofMap(task, response, tokens, AnswerChecker.isCorrect(task.key(), response), 0);
            }
            PlanningVerdict verdict = PlanningJudge.of(task, mode).judge(response);
            return ofMap(task, response, tokens, verdict.correct(), verdict.mapScore());
        }

        public static Answer ofMap(TaskItem task, String response, int tokens, boolean correct, double mapScore) {
            return new Answer(new Item.OfMap(task), response, tokens, correct, mapScore, Optional.empty());
        }

        /// Of a question of one's own; 0 for all others.
        public double reward() {
            return score.map(Score::reward).orElse(0.0);
        }

        private Optional<Outcome> outcome() {
            return item.aboutMap()
                    .map(task -> new Outcome(
                            task.question().type(),
                            task.question().mapDifficulty(),
                            task.question().questionTransferCount(),
                            correct,
                            task.question().form(),
                            mapScore,
                            tokens));
        }

        private Optional<String> failure() {
            return score.flatMap(known -> known.components().stream()
                    .filter(part -> part.name().equals(Verdicts.FAILED))
                    .map(Score.Component::reason)
                    .findFirst());
        }
    }

    public Evaluation {
        answers = List.copyOf(answers);
    }

    /// Asks all questions at once, on the calling thread.
    ///
    /// @param reward what judges answers to questions of one's own
    /// @param progress hears how many are answered
    public static Evaluation of(
            GenerationEngine engine,
            TaskSource source,
            List<Item> items,
            EvalSettings settings,
            RewardSettings reward,
            IntConsumer progress) {
        List<GenerationRequest> requests = items.stream()
                .map(item -> new GenerationRequest(
                        item.id(),
                        source.task(item).prompt(),
                        List.of(0),
                        SamplingParams.greedy(settings.maxTokens()),
                        0))
                .toList();
        List<FinishedSequence> responses = Responses.to(requests, engine, progress);
        List<Answer> answers = new ArrayList<>();
        try (Verdicts verdicts = new Verdicts(reward)) {
            for (int i = 0; i < items.size(); i++) {
                FinishedSequence response = responses.get(i);
                answers.add(Answer.of(
                        items.get(i), response.text(), response.response().size(), settings.mode(), verdicts));
            }
        }
        return new Evaluation(answers, settings.intervals());
    }

    /// As many questions as wanted, the same number of each kind as far as there are any, scattered over the maps.
    public static List<Item> choose(List<Item> items, int count) {
        List<Item> chosen = new ArrayList<>();
        SortedMap<String, List<Item>> kinds =
                new TreeMap<>(Comparator.comparingInt(Evaluation::rank).thenComparing(Comparator.naturalOrder()));
        items.forEach(item ->
                kinds.computeIfAbsent(item.kind(), _ -> new ArrayList<>()).add(item));
        List<List<Item>> byKind = new ArrayList<>(kinds.values());
        byKind.sort((a, b) -> Integer.compare(a.size(), b.size())); // what a scarce kind leaves goes to the others
        for (int i = 0; i < byKind.size(); i++) {
            int share = (count - chosen.size()) / (byKind.size() - i);
            chosen.addAll(some(byKind.get(i), share));
        }
        return chosen;
    }

    /// Types of questions about maps come in their own order.
    private static int rank(String kind) {
        int place = MAP_KINDS.indexOf(kind);
        return place < 0 ? MAP_KINDS.size() : place;
    }

    /// Any of them, the same ones at each call, in an order that has nothing to do with the data's own.
    private static List<Item> some(List<Item> all, int count) {
        return all.stream()
                .sorted(Comparator.comparingLong(
                                (Item item) -> Seeds.derive(0, item.id().hashCode()))
                        .thenComparing(Item::id))
                .limit(count)
                .toList();
    }

    /// Each answer counted once: all, by kind and by difficulty.
    public List<Accuracy> rows() {
        return isOwn() ? own().rows() : table().rows();
    }

    /// Weighted as in the papers, of questions about maps.
    public List<Accuracy> weightedRows() {
        return isOwn() ? List.of() : table().weightedRows();
    }

    public List<Mean> means() {
        return isOwn() ? own().means() : table().means();
    }

    /// The tables for people.
    public String text() {
        if (!isOwn()) {
            return table().text();
        }
        List<String> failures =
                answers.stream().map(Answer::failure).flatMap(Optional::stream).toList();
        String unjudged = failures.isEmpty()
                ? ""
                : "%d answers could not be scored and count as wrong, the first one: %s%n"
                        .formatted(failures.size(), failures.getFirst());
        return Accuracy.table("accuracy", rows()) + Mean.table(means()) + unjudged;
    }

    /// Data is about maps as a whole or not at all.
    public boolean isOwn() {
        return !answers.isEmpty() && answers.getFirst().item() instanceof Item.Own;
    }

    private OwnTable own() {
        return new OwnTable(answers, intervals);
    }

    private EvaluationTable table() {
        EvaluationTable table = new EvaluationTable(intervals);
        answers.forEach(answer -> answer.outcome().ifPresent(table::add));
        return table;
    }

    public double meanTokens() {
        return answers.stream().mapToInt(Answer::tokens).average().orElse(0);
    }
}
