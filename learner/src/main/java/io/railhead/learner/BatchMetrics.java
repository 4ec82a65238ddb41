package io.railhead.learner;

import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.policy.FinishReason;
import io.railhead.policy.PolicyVersion;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// What can be said of a batch before it is trained. Names and formulas are those of [LearnerMetrics].
final class BatchMetrics {
    private BatchMetrics() {}

    static Map<String, Double> of(List<Group> groups, TrainingBatch batch, PolicyVersion from) {
        List<ScoredRollout> samples =
                groups.stream().flatMap(g -> g.samples().stream()).toList();
        Map<String, Double> metrics = new HashMap<>();
        rewards(groups, samples, metrics);
        responses(samples, metrics);
        staleness(samples, from, metrics);
        metrics.put(
                LearnerMetrics.ADVANTAGE_MAGNITUDE,
                batch.items().stream()
                        .flatMap(i -> i.sequences().stream())
                        .mapToDouble(s -> Math.abs(s.advantage()))
                        .average()
                        .orElse(0));
        metrics.put(LearnerMetrics.BATCH_GROUPS, (double) groups.size());
        return metrics;
    }

    private static void rewards(List<Group> groups, List<ScoredRollout> samples, Map<String, Double> metrics) {
        double[] rewards = samples.stream().mapToDouble(s -> s.score().reward()).toArray();
        double mean = Arrays.stream(rewards).average().orElse(0);
        double variance = Arrays.stream(rewards)
                .map(r -> (r - mean) * (r - mean))
                .average()
                .orElse(0);
        metrics.put(LearnerMetrics.REWARD_MEAN, mean);
        metrics.put(LearnerMetrics.REWARD_STD, Math.sqrt(variance));
        metrics.put(
                LearnerMetrics.REWARD_CORRECT_SHARE,
                samples.stream()
                        .mapToInt(s -> s.score().correct() ? 1 : 0)
                        .average()
                        .orElse(0));
        metrics.put(
                LearnerMetrics.REWARD_ZERO_VARIANCE_SHARE,
                groups.stream()
                        .mapToInt(g -> g.zeroVariance() ? 1 : 0)
                        .average()
                        .orElse(0));
        Map<String, DoubleSummaryStatistics> components = new TreeMap<>();
        for (ScoredRollout sample : samples) {
            for (Score.Component component : sample.score().components()) {
                components
                        .computeIfAbsent(component.name(), _ -> new DoubleSummaryStatistics())
                        .accept(component.value());
            }
        }
        components.forEach(
                (name, values) -> metrics.put(LearnerMetrics.REWARD_COMPONENT_PREFIX + name, values.getAverage()));
    }

    private static void responses(List<ScoredRollout> samples, Map<String, Double> metrics) {
        IntSummaryStatistics lengths =
                samples.stream().mapToInt(s -> s.rollout().response().size()).summaryStatistics();
        metrics.put(LearnerMetrics.RESPONSE_MEAN_TOKENS, lengths.getAverage());
        metrics.put(LearnerMetrics.RESPONSE_MAX_TOKENS, (double) lengths.getMax());
        metrics.put(LearnerMetrics.BATCH_TOKENS, (double) lengths.getSum());
        metrics.put(
                LearnerMetrics.RESPONSE_TRUNCATED_SHARE,
                samples.stream()
                        .mapToInt(s -> s.rollout().finishReason() == FinishReason.LENGTH ? 1 : 0)
                        .average()
                        .orElse(0));
    }

    private static void staleness(List<ScoredRollout> samples, PolicyVersion from, Map<String, Double> metrics) {
        TreeMap<Long, Long> tokens = samples.stream() // by staleness
                .flatMapToLong(s -> LongStream.of(s.rollout().response().behaviourVersions()))
                .map(version -> from.stalenessOf(new PolicyVersion(version)))
                .boxed()
                .collect(Collectors.groupingBy(s -> s, TreeMap::new, Collectors.counting()));
        long all = tokens.values().stream().mapToLong(n -> n).sum();
        long sum = tokens.entrySet().stream()
                .mapToLong(e -> e.getKey() * e.getValue())
                .sum();
        tokens.forEach((stale, count) ->
                metrics.put(LearnerMetrics.STALENESS_SHARE_PREFIX + stale, count / (double) Math.max(1, all)));
        metrics.put(LearnerMetrics.STALENESS_MEAN, sum / (double) Math.max(1, all));
        metrics.put(LearnerMetrics.STALENESS_MAX, tokens.isEmpty() ? 0.0 : tokens.lastKey());
    }
}
