package io.railhead.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.learner.TrainingBatch.Item;
import io.railhead.learner.TrainingBatch.Sequence;
import io.railhead.learner.objective.Advantages;
import io.railhead.learner.objective.Credit;
import io.railhead.policy.PolicyVersion;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class MicrobatchesProperties {
    @Property
    void everySequenceIsInOneMicrobatchInOrderAndTheBudgetHolds(
            @ForAll @IntRange(min = 1, max = 6) int groups,
            @ForAll @IntRange(min = 1, max = 6) int groupSize,
            @ForAll @IntRange(min = 1, max = 60) int budget,
            @ForAll Random random) {
        TrainingBatch batch = batch(groups, groupSize, random);
        List<List<Item>> microbatches = Microbatches.split(batch.items(), budget);
        assertThat(sequences(microbatches.stream().flatMap(List::stream).toList()))
                .isEqualTo(sequences(batch.items()));
        for (List<Item> microbatch : microbatches) {
            boolean single =
                    microbatch.size() == 1 && microbatch.getFirst().sequences().size() == 1;
            assertThat(single || tokens(microbatch) <= budget).isTrue();
            microbatch.forEach(item -> assertThat(item.row().continuations())
                    .isEqualTo(item.sequences().stream()
                            .map(s -> s.response().ids())
                            .toList()));
        }
        assertThat(Microbatches.split(batch.items(), budget)).isEqualTo(microbatches);
    }

    @Property
    void minibatchesAreNearlyEqualAndInOrder(
            @ForAll @IntRange(min = 1, max = 12) int groups,
            @ForAll @IntRange(min = 1, max = 15) int count,
            @ForAll Random random) {
        TrainingBatch batch = batch(groups, 2, random);
        List<TrainingBatch> minibatches = batch.minibatches(count);
        assertThat(minibatches.stream().flatMap(m -> m.items().stream()).toList())
                .isEqualTo(batch.items());
        assertThat(minibatches)
                .hasSize(Math.min(groups, count))
                .allSatisfy(m -> assertThat(m.items().size())
                        .isBetween(
                                groups / minibatches.size(), (groups + minibatches.size() - 1) / minibatches.size()));
    }

    private static TrainingBatch batch(int groups, int groupSize, Random random) {
        return TrainingBatch.of(
                IntStream.range(0, groups)
                        .mapToObj(lease -> Trajectories.sampled(
                                lease, groupSize, new TablePolicy(), PolicyVersion.BASE, random, ids -> ids.get(0)))
                        .toList(),
                Credit.of(Advantages.CENTRED));
    }

    private record Place(LeaseId lease, Sequence sequence) {}

    private static List<Place> sequences(List<Item> items) {
        return items.stream()
                .flatMap(item -> item.sequences().stream().map(s -> new Place(item.lease(), s)))
                .toList();
    }

    private static long tokens(List<Item> items) {
        return items.stream().mapToLong(Microbatches::tokens).sum();
    }
}
