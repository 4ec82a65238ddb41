package io.railhead.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.railhead.actors.protocol.RunFact;
import io.railhead.policy.OutOfDeviceMemoryException;
import io.railhead.policy.PolicyVersion;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Four groups of four responses of four tokens after a prompt of three: 19 tokens a group.
class TrainStepMemoryTest {
    private static final PolicyVersion V0 = PolicyVersion.BASE;
    private static final PolicyVersion V1 = new PolicyVersion(1);

    private final TablePolicy table = new TablePolicy();
    private final List<Group> groups = groups(V0);

    private List<Group> groups(PolicyVersion version) {
        Random random = new Random(3);
        return LongStream.range(0, 4)
                .mapToObj(lease -> Trajectories.sampled(lease, 4, table, version, random, ids -> ids.get(0)))
                .toList();
    }

    private static TrainStep step(int microbatchTokens) {
        return TrainStep.of(
                LearnerSettings.from(ConfigFactory.parseString(
                                "railhead.learner { optimizer.learning-rate = 0.1, microbatch-tokens = %d }"
                                        .formatted(microbatchTokens))
                        .withFallback(ConfigFactory.defaultReference())),
                1,
                () -> 0);
    }

    private static int tokens(List<Group> groups) {
        return groups.stream()
                .mapToInt(group -> 3
                        + group.samples().stream()
                                .mapToInt(s -> s.rollout().response().size())
                                .sum())
                .sum();
    }

    @Test
    void microbatchesAreHalvedUntilTheyFitAndStaySo() {
        int all = tokens(groups);
        TrainStep step = step(1 << 10);
        CrampedPolicy cramped = new CrampedPolicy(table, all - 1);
        TrainStep.Result result = step.run(cramped, V0, groups);
        assertThat(result.version()).isEqualTo(V1);
        assertThat(result.trained()).hasSize(4);
        int used = result.metrics()
                .getOrDefault(LearnerMetrics.MICROBATCH_TOKENS, 0.0)
                .intValue();
        assertThat(used).isPositive().isLessThan(all);
        assertThat(result.shortage())
                .map(RunFact.MemoryShort::answer)
                .contains("microbatches of %d tokens instead of 1024".formatted(used));

        TablePolicy twin = new TablePolicy();
        step(used).run(twin, V0, groups);
        assertThat(table.snapshot(V1).sha256()).isEqualTo(twin.snapshot(V1).sha256()); // as if they always were

        TrainStep.Result next = step.run(cramped, V1, groups(V1));
        assertThat(next.shortage()).isEqualTo(Optional.empty());
        assertThat(next.metrics()).containsEntry(LearnerMetrics.MICROBATCH_TOKENS, (double) used);
    }

    @Test
    void oneResponseThatDoesNotFitIsTheEnd() {
        String before = table.snapshot(V0).sha256();
        assertThatThrownBy(() -> step(1 << 10).run(new CrampedPolicy(table, 2), V0, groups))
                .isInstanceOf(OutOfDeviceMemoryException.class);
        assertThat(table.snapshot(V0).sha256()).isEqualTo(before);
    }
}
