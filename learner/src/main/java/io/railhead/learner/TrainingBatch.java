package io.railhead.learner;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.learner.objective.Credit;
import io.railhead.learner.objective.RewardedGroup;
import io.railhead.learner.objective.Stratum;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.TrainingRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What one version is made of: a row for each group, in the order of the groups, with advantages.
///
/// Every token of a response counts in the loss: a rollout has one turn, and the policy produced all of it.
public record TrainingBatch(List<Item> items) {
    /// A row with what the loss knows of its continuations, which are in sample order.
    public record Item(LeaseId lease, TrainingRow row, List<Sequence> sequences) {
        public Item {
            sequences = List.copyOf(sequences);
            if (sequences.size() != row.continuations().size()) {
                throw new IllegalArgumentException("%s: %d sequences for %d continuations"
                        .formatted(lease, sequences.size(), row.continuations().size()));
            }
        }

        /// The same prefix with the continuations `[from, to)`.
        Item slice(int from, int to) {
            return new Item(
                    lease,
                    new TrainingRow(
                            row.prefix(), row.images(), row.continuations().subList(from, to)),
                    sequences.subList(from, to));
        }
    }

    /// One continuation as it was sampled, and what it earned against the others of its group.
    public record Sequence(double advantage, SampledTokens response, Set<Stratum> strata) {
        public Sequence {
            strata = Set.copyOf(strata);
        }
    }

    public TrainingBatch {
        items = List.copyOf(items);
    }

    public static TrainingBatch of(List<Group> groups, Credit credit) {
        List<double[]> earned =
                credit.of(groups.stream().map(TrainingBatch::rewarded).toList());
        int[] lengths = groups.stream()
                .flatMap(g -> g.samples().stream())
                .mapToInt(s -> s.rollout().response().size())
                .sorted()
                .toArray();
        int median = lengths.length == 0 ? 0 : lengths[(lengths.length - 1) / 2];
        return new TrainingBatch(IntStream.range(0, groups.size())
                .mapToObj(i -> item(groups.get(i), earned.get(i), median))
                .toList());
    }

    private static RewardedGroup rewarded(Group group) {
        return new RewardedGroup(
                group.rewards(),
                group.samples().stream()
                        .mapToInt(s -> s.rollout().response().size())
                        .toArray(),
                group.samples().stream()
                        .map(s -> s.score().components().stream()
                                .collect(Collectors.toMap(Score.Component::name, Score.Component::value, Double::sum)))
                        .toList());
    }

    private static Item item(Group group, double[] earned, int medianTokens) {
        List<SampledTokens> responses =
                group.samples().stream().map(s -> s.rollout().response()).toList();
        ScoredRollout first = group.samples().getFirst();
        Stratum difficulty = group.correctShare() >= 0.5 ? Stratum.EASY : Stratum.HARD;
        return new Item(
                group.lease(),
                new TrainingRow(
                        first.rollout().promptTokens(),
                        first.rollout().task().prompt().images(),
                        responses.stream().map(SampledTokens::ids).toList()),
                IntStream.range(0, responses.size())
                        .mapToObj(i -> new Sequence(
                                earned[i],
                                responses.get(i),
                                Set.of(
                                        difficulty,
                                        responses.get(i).size() > medianTokens ? Stratum.LONG : Stratum.SHORT)))
                        .toList());
    }

    /// The hard bound on staleness: every token was sampled by `from` or one of the `maxStaleness` versions before
    /// it.
    ///
    /// @throws IllegalStateException if a token is older, or comes from a version that does not exist yet
    public void requireFresh(PolicyVersion from, int maxStaleness) {
        for (Item item : items) {
            for (Sequence sequence : item.sequences()) {
                for (long version : sequence.response().behaviourVersions()) {
                    long staleness = from.stalenessOf(new PolicyVersion(version));
                    if (staleness < 0 || staleness > maxStaleness) {
                        throw new IllegalStateException(
                                "%s has a token of version %d; training from version %d with max staleness %d"
                                        .formatted(item.lease(), version, from.number(), maxStaleness));
                    }
                }
            }
        }
    }

    /// Cuts the rows into `count` parts of nearly equal size, in order; fewer if there are fewer rows.
    public List<TrainingBatch> minibatches(int count) {
        int parts = Math.min(count, items.size());
        List<TrainingBatch> minibatches = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            int from = (int) ((long) items.size() * i / parts);
            int to = (int) ((long) items.size() * (i + 1) / parts);
            minibatches.add(new TrainingBatch(items.subList(from, to)));
        }
        return minibatches;
    }
}
