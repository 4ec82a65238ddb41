package io.railhead.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.stage.ClosedLoop;
import io.railhead.policy.PolicyVersion;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainStepTest {
    private static final PolicyVersion V0 = PolicyVersion.BASE;
    private static final Set<String> CONDITIONAL = Set.of(
            LearnerMetrics.REWARD_COMPONENT_PREFIX,
            LearnerMetrics.LEFT_OUT_PREFIX,
            LearnerMetrics.STALENESS_SHARE_PREFIX,
            LearnerMetrics.EFFECTIVE_RESPONSES,
            LearnerMetrics.MICROBATCH_TOKENS,
            LearnerMetrics.LEARNING_RATE_FACTOR,
            LearnerMetrics.TROUBLE_PREFIX,
            LearnerMetrics.REWARD_DRIFT);

    @Test
    void policyLearnsWhatIsRewarded() {
        TablePolicy policy = new TablePolicy();
        TrainStep step = step("optimizer.learning-rate = 0.1, kl-coefficient = 0, entropy-coefficient = 0", 0);
        Random random = new Random(1);
        PolicyVersion version = V0;
        List<Double> rewards = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            TrainStep.Result result = step.run(policy, version, groups(policy, version, 4, random));
            version = result.version();
            rewards.add(result.metrics().get(LearnerMetrics.REWARD_MEAN));
        }
        assertThat(version).isEqualTo(new PolicyVersion(40));
        assertThat(rewards.getFirst()).isLessThan(0.4);
        assertThat(rewards.getLast()).isGreaterThan(0.9);
        assertThat(policy.probability(3, 5)).isGreaterThan(0.9);
    }

    @Test
    void learnsFromStaleTokensToo() {
        TablePolicy policy = new TablePolicy();
        TrainStep step = step("optimizer.learning-rate = 0.1, proximal = recomputed", 2);
        Random random = new Random(2);
        List<List<Group>> pipeline = new ArrayList<>(
                List.of(groups(policy, V0, 4, random), groups(policy, V0, 4, random), groups(policy, V0, 4, random)));
        PolicyVersion version = V0;
        double stalest = 0;
        for (int i = 0; i < 40; i++) {
            TrainStep.Result result = step.run(policy, version, pipeline.removeFirst());
            version = result.version();
            String share = LearnerMetrics.STALENESS_SHARE_PREFIX + Math.min(2, i); // the pipeline has three batches
            assertThat(result.metrics()).containsEntry(share, 1.0);
            stalest = Math.max(stalest, result.metrics().getOrDefault(LearnerMetrics.STALENESS_MAX, -1.0));
            pipeline.add(groups(policy, version, 4, random));
        }
        assertThat(stalest).isEqualTo(2);
        assertThat(policy.probability(3, 5)).isGreaterThan(0.9);
    }

    @ParameterizedTest
    @MethodSource("io.railhead.learner.LearnerPresets#names")
    void everyPresetLearnsWhatIsRewardedFromStaleTokens(String preset) {
        TablePolicy policy = new TablePolicy();
        TrainStep step = step("preset = " + preset + ", optimizer.learning-rate = 0.1", 1);
        Random random = new Random(9);
        List<List<Group>> pipeline =
                new ArrayList<>(List.of(groups(policy, V0, 4, random), groups(policy, V0, 4, random)));
        PolicyVersion version = V0;
        for (int i = 0; i < 40; i++) {
            TrainStep.Result result = step.run(policy, version, pipeline.removeFirst());
            assertThat(result.metrics().values()).allMatch(Double::isFinite);
            version = result.version();
            pipeline.add(groups(policy, version, 4, random));
        }
        assertThat(policy.probability(3, 5)).isGreaterThan(0.5);
    }

    @Test
    void whatIsLeftOutIsMeasuredByRuleLengthAndDifficulty() {
        TablePolicy policy = new TablePolicy();
        List<Group> groups = groups(policy, V0, 4, new Random(10));
        Map<String, Double> metrics = step("rejection.staleness = 1", 2)
                .run(policy, new PolicyVersion(2), groups)
                .metrics();
        assertThat(metrics)
                .containsEntry("policy/left-out-fraction-staleness", 1.0)
                .containsEntry("policy/left-out-fraction-token", 0.0)
                .containsEntry("policy/left-out-fraction-hard", 1.0)
                .containsEntry("policy/left-out-fraction-short", 1.0)
                .containsEntry(LearnerMetrics.LOSS_POLICY, 0.0);
    }

    @Test
    void theLearningRateFollowsTheEffectiveShareOfResponses() {
        TablePolicy policy = new TablePolicy();
        List<Group> groups = groups(policy, V0, 4, new Random(11));
        TrainStep step = step("proximal = recomputed, learning-rate-by-effective-samples = true", 1);
        Map<String, Double> fresh = step.run(policy, V0, groups).metrics();
        assertThat(fresh)
                .containsEntry(LearnerMetrics.EFFECTIVE_RESPONSES, 1.0)
                .containsEntry(LearnerMetrics.LEARNING_RATE, 1e-6);
        TablePolicy other = new TablePolicy();
        step("optimizer.learning-rate = 0.5", 0).run(other, V0, groups);
        Map<String, Double> stale =
                step.run(other, new PolicyVersion(1), groups).metrics();
        double share = stale.getOrDefault(LearnerMetrics.EFFECTIVE_RESPONSES, 0.0);
        assertThat(share).isBetween(0.05, 0.95);
        assertThat(stale.get(LearnerMetrics.LEARNING_RATE)).isCloseTo(1e-6 * Math.sqrt(share), within(1e-12));
    }

    @Test
    void theFactorMultipliesTheLearningRateAndOneChangesNoBit() {
        List<Group> groups = groups(new TablePolicy(), V0, 4, new Random(12));
        TablePolicy plain = new TablePolicy();
        TablePolicy one = new TablePolicy();
        TablePolicy less = new TablePolicy();
        TrainStep step = step("optimizer.learning-rate = 0.1", 0);
        TrainStep.Result without = step.run(plain, V0, groups);
        assertThat(without.metrics()).doesNotContainKey(LearnerMetrics.LEARNING_RATE_FACTOR);
        step.run(one, V0, groups, 1);
        assertThat(one.snapshot(V0).sha256()).isEqualTo(plain.snapshot(V0).sha256());
        assertThat(step.run(less, V0, groups, 0.3).metrics())
                .containsEntry(LearnerMetrics.LEARNING_RATE_FACTOR, 0.3)
                .containsEntry(LearnerMetrics.LEARNING_RATE, 0.1 * 0.3);
        assertThat(less.snapshot(V0).sha256()).isNotEqualTo(plain.snapshot(V0).sha256());
        TablePolicy slower = new TablePolicy();
        step("optimizer.learning-rate = 0.03", 0).run(slower, V0, groups);
        assertThat(less.probability(3, 5)).isCloseTo(slower.probability(3, 5), within(1e-6));
    }

    @Test
    void theClosedLoopLooksAtMeasurementsOfATrainStep() {
        assertThat(ClosedLoop.EFFECTIVE).isEqualTo(LearnerMetrics.EFFECTIVE_SAMPLES);
        assertThat(ClosedLoop.MISMATCH).isEqualTo(LearnerMetrics.KL_MISMATCH);
    }

    @Test
    void secondMomentsAreOfTheMinibatchHoweverItIsSplit() {
        List<Group> groups = groups(new TablePolicy(), V0, 3, new Random(12));
        TablePolicy whole = new TablePolicy();
        TablePolicy split = new TablePolicy();
        for (TablePolicy policy : List.of(whole, split)) {
            step("optimizer.learning-rate = 0.5", 0).run(policy, V0, groups);
        }
        String m2po = "preset = m2po, optimizer.learning-rate = 0.1, ";
        Map<String, Double> wholeMetrics = step(m2po + "microbatch-tokens = 10000", 1)
                .run(whole, new PolicyVersion(1), groups)
                .metrics();
        Map<String, Double> splitMetrics = step(m2po + "microbatch-tokens = 1", 1)
                .run(split, new PolicyVersion(1), groups)
                .metrics();
        String name = "policy/left-out-fraction-second-moment";
        assertThat(wholeMetrics.get(name)).isPositive().isEqualTo(splitMetrics.get(name));
        assertThat(split.probability(3, 5)).isCloseTo(whole.probability(3, 5), within(1e-9));
    }

    @Test
    void tokensBeyondTheStalenessBoundAreABrokenInvariant() {
        TablePolicy policy = new TablePolicy();
        Group group = new Group(new LeaseId(9), List.of(Trajectories.of(9, 0, 1, 3, 5)));
        assertThatThrownBy(() -> step("", 1).run(policy, new PolicyVersion(5), List.of(group)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("lease-9 has a token of version 3; training from version 5 with max staleness 1");
        assertThatThrownBy(() -> step("", 1).run(policy, new PolicyVersion(4), List.of(group)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(step("", 2).run(policy, new PolicyVersion(5), List.of(group)).version())
                .isEqualTo(new PolicyVersion(6));
    }

    @Test
    void microbatchSplitChangesNothing() {
        List<Group> groups = groups(new TablePolicy(), V0, 3, new Random(3));
        TablePolicy whole = new TablePolicy();
        TablePolicy split = new TablePolicy();
        Map<String, Double> wholeMetrics =
                step("microbatch-tokens = 10000", 0).run(whole, V0, groups).metrics();
        Map<String, Double> splitMetrics =
                step("microbatch-tokens = 1", 0).run(split, V0, groups).metrics();
        assertThat(whole.rowsOfPasses).containsExactly(3);
        assertThat(split.rowsOfPasses).hasSize(12).containsOnly(1);
        for (String name : wholeMetrics.keySet()) {
            if (!name.equals(LearnerMetrics.BATCH_MICROBATCHES)) {
                assertThat(splitMetrics.get(name)).as(name).isCloseTo(wholeMetrics.get(name), within(1e-9));
            }
        }
        for (int token = 0; token < TablePolicy.VOCABULARY; token++) {
            assertThat(split.probability(3, token)).isCloseTo(whole.probability(3, token), within(1e-9));
        }
    }

    @Test
    void onPolicyNothingIsClippedAndGenerationMatchesTraining() {
        TablePolicy policy = new TablePolicy();
        Map<String, Double> metrics = step("", 0)
                .run(policy, V0, groups(policy, V0, 3, new Random(4)))
                .metrics();
        assertThat(metrics)
                .containsEntry(LearnerMetrics.CLIP_FRACTION_HIGH, 0.0)
                .containsEntry(LearnerMetrics.CLIP_FRACTION_LOW, 0.0)
                .containsEntry(LearnerMetrics.IMPORTANCE_RATIO_MEAN, 1.0)
                .containsEntry(LearnerMetrics.KL_MISMATCH, 0.0)
                .containsEntry(LearnerMetrics.KL_REFERENCE, 0.0)
                .containsEntry(LearnerMetrics.STALENESS_MAX, 0.0)
                .containsEntry(LearnerMetrics.SKIPPED_STEPS, 0.0)
                .containsEntry(LearnerMetrics.BATCH_GROUPS, 3.0);
        assertThat(metrics.get(LearnerMetrics.ENTROPY)).isCloseTo(Math.log(6), within(1e-6));
        assertThat(metrics.get(LearnerMetrics.EFFECTIVE_SAMPLES)).isCloseTo(1, within(1e-9));
    }

    @Test
    void stepWithoutAFiniteGradientIsNotAppliedButTheVersionAdvances() {
        TablePolicy policy = new TablePolicy();
        String before = policy.snapshot(V0).sha256();
        policy.poisonGradient();
        TrainStep.Result result = step("", 0).run(policy, V0, groups(policy, V0, 2, new Random(5)));
        assertThat(result.version()).isEqualTo(new PolicyVersion(1));
        assertThat(result.metrics())
                .containsEntry(LearnerMetrics.SKIPPED_STEPS, 1.0)
                .doesNotContainKey(LearnerMetrics.GRADIENT_NORM);
        assertThat(policy.snapshot(V0).sha256()).isEqualTo(before);
    }

    @Test
    void epochsAndMinibatchesAreOptimiserStepsOfOneVersion() {
        TablePolicy policy = new TablePolicy();
        TrainStep.Result result =
                step("epochs = 2, minibatches = 3", 0).run(policy, V0, groups(policy, V0, 6, new Random(6)));
        assertThat(policy.rowsOfPasses).containsExactly(2, 2, 2, 2, 2, 2);
        assertThat(result.version()).isEqualTo(new PolicyVersion(1));
        assertThat(result.metrics()).containsEntry(LearnerMetrics.BATCH_MICROBATCHES, 6.0);
    }

    @Test
    void groupsWithoutVarianceLeaveThePolicyAsItIs() {
        TablePolicy policy = new TablePolicy();
        String before = policy.snapshot(V0).sha256();
        step("entropy-coefficient = 0, optimizer.weight-decay = 0", 0)
                .run(policy, V0, List.of(Trajectories.group(1, 0.5, 0.5), Trajectories.group(2, 1, 1)));
        assertThat(policy.snapshot(V0).sha256()).isEqualTo(before);
    }

    @Test
    void equalInputsGiveEqualBits() {
        List<Group> groups = groups(new TablePolicy(), V0, 4, new Random(7));
        TablePolicy one = new TablePolicy();
        TablePolicy two = new TablePolicy();
        assertThat(step("", 0).run(one, V0, groups)).isEqualTo(step("", 0).run(two, V0, groups));
        assertThat(one.snapshot(V0).sha256()).isEqualTo(two.snapshot(V0).sha256());
    }

    @Test
    void everyMetricIsDeclaredAndFinite() throws IllegalAccessException {
        List<String> declared = new ArrayList<>();
        for (Field field : LearnerMetrics.class.getDeclaredFields()) {
            declared.add((String) field.get(null));
        }
        TablePolicy policy = new TablePolicy();
        Map<String, Double> metrics = step("", 0)
                .run(policy, V0, groups(policy, V0, 2, new Random(8)))
                .metrics();
        assertThat(metrics.keySet())
                .allMatch(name -> declared.contains(name)
                        || name.startsWith(LearnerMetrics.REWARD_COMPONENT_PREFIX)
                        || name.startsWith(LearnerMetrics.STALENESS_SHARE_PREFIX));
        assertThat(metrics.keySet())
                .containsAll(declared.stream()
                        .filter(name -> !CONDITIONAL.contains(name))
                        .toList());
        assertThat(metrics.values()).allMatch(Double::isFinite);
        assertThat(metrics).containsKey(LearnerMetrics.REWARD_COMPONENT_PREFIX + "correctness");
    }

    /// Token 5 is rewarded, wherever it stands first.
    private static List<Group> groups(TablePolicy policy, PolicyVersion version, int count, Random random) {
        return IntStream.range(0, count)
                .mapToObj(lease ->
                        Trajectories.sampled(lease, 4, policy, version, random, ids -> ids.get(0) == 5 ? 1 : 0))
                .toList();
    }

    private static TrainStep step(String settings, int maxStaleness) {
        return TrainStep.of(
                LearnerSettings.from(
                        LearnerPresets.under(ConfigFactory.parseString("railhead.learner {" + settings + "}"))
                                .withFallback(ConfigFactory.defaultReference())),
                maxStaleness,
                () -> 0);
    }
}
