package io.railhead.learner;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.learner.trouble.Trouble;
import io.railhead.learner.trouble.TroubleAction;
import io.railhead.learner.trouble.TroubleKind;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Trouble in train steps of a table policy: four groups of four, cut into two minibatches where a test says so.
class TrainStepTroubleTest {
    private static final PolicyVersion V0 = PolicyVersion.BASE;
    private static final PolicyVersion V1 = new PolicyVersion(1);

    @TempDir
    Path run;

    private final TablePolicy policy = new TablePolicy();
    private final String before = policy.snapshot(V0).sha256();

    private static LearnerSettings settings(String keys) {
        return LearnerSettings.from(
                ConfigFactory.parseString("railhead.learner { optimizer.learning-rate = 0.1, %s }".formatted(keys))
                        .withFallback(ConfigFactory.defaultReference()));
    }

    private static TrainStep step(String keys) {
        return TrainStep.of(settings(keys), 0, () -> 0);
    }

    private List<Group> groups() {
        Random random = new Random(3);
        return java.util.stream.LongStream.range(0, 4)
                .mapToObj(lease -> Trajectories.sampled(lease, 4, policy, V0, random, ids -> ids.get(0)))
                .toList();
    }

    private String weights() {
        return policy.snapshot(V0).sha256();
    }

    private static List<LeaseId> leases(long... ids) {
        return java.util.Arrays.stream(ids).mapToObj(LeaseId::new).toList();
    }

    private static List<TroubleKind> kinds(TrainStep.Result result) {
        return result.troubles().stream().map(Trouble::kind).toList();
    }

    @Test
    void whatIsSkippedLeavesWeightsAndOptimiserAsTheyWere() {
        TablePolicy calm = new TablePolicy();
        List<Group> groups = groups();
        policy.poisonGradient();
        TrainStep.Result result = step("").run(policy, V0, groups);
        assertThat(kinds(result)).containsExactly(TroubleKind.NOT_FINITE_GRADIENT);
        assertThat(result.trained()).isEmpty();
        assertThat(result.version()).isEqualTo(V1);
        assertThat(result.metrics()).containsEntry("trouble/not-finite-gradient", 1.0);
        assertThat(weights()).isEqualTo(before);

        step("").run(policy, V0, groups);
        step("").run(calm, V0, groups);
        assertThat(weights()).isEqualTo(calm.snapshot(V0).sha256()); // the moments were untouched too
    }

    @Test
    void skippingLeavesTheOtherOptimiserStepsOfTheTrainStep() {
        List<Group> groups = groups();
        policy.poisonGradient(); // of the first of two
        TrainStep.Result result = step("minibatches = 2").run(policy, V0, groups);
        assertThat(result.trained()).isEqualTo(leases(2, 3));
        assertThat(result.metrics()).containsEntry(LearnerMetrics.SKIPPED_STEPS, 1.0);
        assertThat(weights()).isNotEqualTo(before);
    }

    @Test
    void rollingBackUndoesTheOptimiserStepsBefore() {
        List<Group> groups = groups();
        policy.poisonStep(1);
        TrainStep.Result result =
                step("minibatches = 2, trouble.not-finite-gradient = roll-back").run(policy, V0, groups);
        assertThat(result.trained()).isEmpty();
        assertThat(result.version()).isEqualTo(V1);
        assertThat(weights()).isEqualTo(before);

        TablePolicy calm = new TablePolicy();
        step("minibatches = 2").run(policy, V0, groups);
        step("minibatches = 2").run(calm, V0, groups);
        assertThat(weights()).isEqualTo(calm.snapshot(V0).sha256());
    }

    @Test
    void failingMakesNoVersion() {
        List<Group> groups = groups();
        policy.poisonStep(1);
        TrainStep.Result result =
                step("minibatches = 2, trouble.not-finite-gradient = fail").run(policy, V0, groups);
        assertThat(result.version()).isEqualTo(V0);
        assertThat(result.fatal()).isPresent();
        assertThat(weights()).isEqualTo(before);
    }

    @Test
    void groupsWithoutVarianceAreFoundBeforeTheFirstPass() {
        List<Group> equal = List.of(Trajectories.group(0, 1, 1), Trajectories.group(1, 2, 2));
        assertThat(step("").run(policy, V0, equal).trained()).isEqualTo(leases(0, 1)); // told, and trained
        String trained = weights();
        TrainStep.Result result = step("trouble.zero-variance = skip").run(policy, V0, equal);
        assertThat(result.troubles())
                .extracting(
                        Trouble::cause,
                        Trouble::action,
                        trouble -> trouble.samples().size())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("2 of 2 groups have equal rewards", TroubleAction.SKIP, 4));
        assertThat(result.trained()).isEmpty();
        assertThat(weights()).isEqualTo(trained);
    }

    @Test
    void theSamplesOfTroubleAreSavedWithTheirNumbers() throws IOException {
        List<Group> groups = groups();
        policy.poisonGradient();
        TroubleDesk desk =
                new TroubleDesk(settings("trouble.kept-samples = 3").trouble(), run, LoggerFactory.getLogger("test"));
        TrainStep.Result made = step("trouble.kept-samples = 3").run(policy, V0, groups);
        TroubleDesk.Outcome outcome = desk.after(made, V0, groups);
        assertThat(outcome.refusal()).isEmpty();
        assertThat(outcome.troubles())
                .containsExactly(new io.railhead.actors.protocol.Trouble(
                        "not-finite-gradient",
                        "skip",
                        "the gradient's norm is NaN",
                        "troubles/v000001-0-not-finite-gradient.jsonl"));
        List<String> lines = Files.readAllLines(run.resolve("troubles/v000001-0-not-finite-gradient.jsonl"));
        assertThat(lines).hasSize(4);
        assertThat(lines.getFirst())
                .isEqualTo("{\"version\":1,\"kind\":\"not-finite-gradient\",\"action\":\"skip\","
                        + "\"optimiser_step\":0,\"cause\":\"the gradient's norm is NaN\",\"batch\":[0,1,2,3]}");
        assertThat(lines.get(1))
                .startsWith("{\"lease\":0,\"sample\":0,\"why\":\"in the batch\"")
                .contains("\"tokens\":[", "\"behaviour_log_probs\":[-1.79", "\"advantage\":");
    }

    @Test
    void afterTooManyTroubledStepsInARowTheRunIsToFail() {
        List<Group> groups = groups();
        LearnerSettings settings = settings("trouble.most-in-a-row = 2");
        TroubleDesk desk = new TroubleDesk(settings.trouble(), run, LoggerFactory.getLogger("test"));
        policy.poisonGradient();
        TrainStep.Result bad = step("").run(policy, V0, groups);
        TrainStep.Result good = step("").run(policy, V0, groups);
        assertThat(desk.after(bad, V0, groups).refusal()).isEmpty();
        assertThat(desk.after(good, V0, groups).refusal()).isEmpty();
        assertThat(desk.after(bad, V0, groups).refusal()).isEmpty();
        assertThat(desk.after(bad, V1, groups).refusal())
                .contains("2 train steps in a row had trouble, the last one to v2: "
                        + "not-finite-gradient in optimiser step 0: the gradient's norm is NaN");
    }

    @Test
    void aMeanRewardFarFromThoseBeforeIsDrift() {
        LearnerSettings settings = settings("trouble { drift-steps = 2, drift-deviations = 5, reward-drift = fail }");
        TroubleDesk desk = new TroubleDesk(settings.trouble(), run, LoggerFactory.getLogger("test"));
        for (double mean : new double[] {1, 3}) {
            assertThat(desk.after(made(mean), V0, List.of()).troubles()).isEmpty();
        }
        TroubleDesk.Outcome outcome = desk.after(made(-4), V0, List.of(Trajectories.group(5, -4)));
        assertThat(outcome.result().metrics()).containsEntry(LearnerMetrics.REWARD_DRIFT, -6.0);
        assertThat(outcome.refusal())
                .contains("the step to v1: reward-drift in optimiser step 0: the mean reward -4.00000 is -6.00"
                        + " standard deviations from that of the 2 steps before");
    }

    private static TrainStep.Result made(double meanReward) {
        return new TrainStep.Result(
                V1,
                new java.util.TreeMap<>(java.util.Map.of(LearnerMetrics.REWARD_MEAN, meanReward)),
                List.of(),
                List.of(),
                java.util.Optional.empty());
    }
}
