package io.railhead.app.replay;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.app.CommandRun;
import io.railhead.app.run.FileTree;
import io.railhead.app.run.RandomModel;
import io.railhead.app.run.RunDirectory;
import io.railhead.app.run.SmallRun;
import io.railhead.app.run.StopRequest;
import io.railhead.learner.CheckpointException;
import io.railhead.learner.LearnerMetrics;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
    @TempDir
    private static Path temp;

    private static Path model;
    private static SmallRun asynchronous;

    /// Two rollout workers, and tokens that are one version old: nothing that would happen again by itself.
    @BeforeAll
    static void run() throws IOException, CheckpointException, InterruptedException {
        model = RandomModel.in(temp.resolve("model"), 5);
        asynchronous = begun("asynchronous", Map.of());
        assertThat(asynchronous.run().end().outcome()).isEqualTo(RunEnded.Outcome.FINISHED);
    }

    private static SmallRun settings(String name, Map<String, Object> more) throws IOException {
        Map<String, Object> settings = new TreeMap<>(Map.of(
                "policy.rollout-devices", List.of("cpu", "cpu"),
                "stage.max-staleness", 1,
                "stage.steps", 6,
                "stage.checkpoint-every", 2,
                "learner.checkpoints.keep-last", 2));
        settings.putAll(more);
        return SmallRun.of(model, temp.resolve(name), settings);
    }

    private static SmallRun begun(String name, Map<String, Object> more) throws IOException {
        SmallRun run = settings(name, more);
        RunDirectory.create(run.directory(), run.plan().config()).close();
        return run;
    }

    private static Verification.Result replayed(Path run)
            throws IOException, CheckpointException, IncompleteLogException {
        return Verification.of(RecordedRun.open(run, List.of()), _ -> {});
    }

    private static List<String> verdicts(Verification.Result result) {
        return result.commits().stream()
                .map(commit -> commit.version() + " " + commit.verdict())
                .toList();
    }

    @Test
    void theReplayOfAnAsynchronousRunMakesTheSameWeightsAtEachCommit()
            throws IOException, CheckpointException, IncompleteLogException {
        Verification.Result result = replayed(asynchronous.directory());
        assertThat(result.same()).isTrue();
        assertThat(result.steps()).isEqualTo(6);
        assertThat(result.differences()).isEmpty();
        assertThat(result.sameVersions()).isEqualTo(7); // the base too
        assertThat(verdicts(result)).containsExactly("v2 PRUNED", "v4 SAME", "v6 SAME");
    }

    /// The loop tightens after every step, so that each step but the first has another learning rate.
    @Test
    void theReplayTakesTheLearningRatesThatAClosedLoopMoved()
            throws IOException, CheckpointException, IncompleteLogException, InterruptedException {
        SmallRun run = begun(
                "closed-loop",
                Map.of(
                        "stage.closed-loop.enabled",
                        true,
                        "stage.closed-loop.patience",
                        1,
                        "stage.closed-loop.mismatch-kl.low",
                        0,
                        "stage.closed-loop.mismatch-kl.high",
                        0));
        SmallRun.Ended ended = run.run();
        assertThat(ended.end().outcome()).isEqualTo(RunEnded.Outcome.FINISHED);
        assertThat(ended.steps().stream().map(step -> step.metrics().get("closed-loop/staleness")))
                .containsExactly(1.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        assertThat(ended.steps().getLast().metrics())
                .containsEntry(
                        LearnerMetrics.LEARNING_RATE_FACTOR,
                        ended.steps().getLast().metrics().get("closed-loop/rate-factor"));
        assertThat(ended.steps().getLast().metrics().getOrDefault(LearnerMetrics.LEARNING_RATE_FACTOR, 1.0))
                .isLessThan(0.5);
        assertThat(CommandRun.of("events", run.directory().toString(), "--kind", "loop")
                        .out())
                .contains("loop at v1: staleness 0, rate factor 1.0: over 1 steps the effective share was")
                .hasLineCount(6);
        Verification.Result result = replayed(run.directory());
        assertThat(result.differences()).isEmpty();
        assertThat(result.same()).isTrue();
        assertThat(result.steps()).isEqualTo(6);
        assertThat(CommandRun.of("events", "--check", run.directory().toString())
                        .status())
                .isZero();
    }

    /// Each step is two optimiser steps; some are left out, and with them their groups.
    @Test
    void theReplayLeavesOutWhatTroubleLeftOut()
            throws IOException, CheckpointException, IncompleteLogException, InterruptedException {
        for (String action : List.of("skip", "roll-back")) {
            SmallRun run = begun(
                    "unsteady-" + action,
                    Map.of(
                            "policy.rollout-devices",
                            List.of("cpu"),
                            "stage.max-staleness",
                            0,
                            "learner.minibatches",
                            2,
                            "learner.objective",
                            UnsteadyObjective.class.getName(),
                            "learner.trouble.not-finite-loss",
                            action,
                            "learner.trouble.most-in-a-row",
                            1000));
            SmallRun.Ended ended = run.run();
            assertThat(ended.end().outcome()).isEqualTo(RunEnded.Outcome.FINISHED);
            assertThat(ended.facts())
                    .filteredOn(RunFact.TroubleFound.class::isInstance)
                    .isNotEmpty()
                    .allSatisfy(fact -> assertThat(run.directory()
                                    .resolve(((RunFact.TroubleFound) fact)
                                            .trouble()
                                            .file()))
                            .isRegularFile());
            assertThat(ended.end().ledger().failed()).isPositive();
            assertThat(CommandRun.of("events", "--check", run.directory().toString())
                            .status())
                    .isZero();

            Verification.Result result = replayed(run.directory());
            assertThat(result.differences()).isEmpty();
            assertThat(result.same()).isTrue();
            assertThat(result.steps()).isEqualTo(6);
        }
    }

    @Test
    void oneChangedRewardIsFound() throws IOException, CheckpointException, IncompleteLogException {
        Path tampered = RecordedRuns.changed(
                asynchronous.directory(),
                temp.resolve("tampered"),
                fact -> fact.map(f -> RecordedRuns.isSample(f, 0, 1) ? RecordedRuns.withReward(f, 9) : f));
        Verification.Result result = replayed(tampered);
        assertThat(result.same()).isFalse();
        assertThat(verdicts(result)).containsExactly("v2 PRUNED", "v4 DIFFERENT", "v6 DIFFERENT");
        assertThat(result.differences().stream().map(MetricDifference::name)).contains("reward/mean");
    }

    @Test
    void aCheckpointThatIsDamagedIsSaid() throws IOException {
        Path damaged = RecordedRuns.copy(asynchronous.directory(), temp.resolve("damaged"));
        Files.writeString(damaged.resolve("checkpoints/step-4/model/config.json"), "{}");
        CommandRun command = CommandRun.of("replay", damaged.toString());
        assertThat(command.status()).isEqualTo(1);
        assertThat(command.out())
                .containsPattern("v2 +pruned +1 checkpoint is not there any more")
                .containsPattern("v4 +damaged +.*config.json")
                .containsPattern("v6 +same")
                .contains("the replay differs from the run");
    }

    @Test
    void aMissingSampleIsNamed() throws IOException {
        Path gap = RecordedRuns.changed(
                asynchronous.directory(),
                temp.resolve("gap"),
                fact -> fact.filter(f -> !RecordedRuns.isSample(f, 0, 1)));
        assertThatThrownBy(() -> replayed(gap))
                .isInstanceOf(IncompleteLogException.class)
                .hasMessageContaining("cannot be replayed: the log lacks sample 1 of lease-0");
    }

    @Test
    void aRunThatWasStoppedAndResumedWithOtherSettingsReplays()
            throws IOException, CheckpointException, InterruptedException, IncompleteLogException {
        SmallRun run = begun("resumed", Map.of("learner.checkpoints.keep-last", 10));
        StopRequest stop = new StopRequest();
        SmallRun.Ended first = run.run(stop, fact -> {
            if (fact instanceof RunFact.StepFinished step && step.version().number() == 3) {
                stop.request();
            }
        });
        assertThat(first.end().outcome()).isEqualTo(RunEnded.Outcome.STOPPED);
        SmallRun other = new SmallRun(
                settings(
                                "resumed",
                                Map.of(
                                        "learner.checkpoints.keep-last",
                                        10,
                                        "learner.optimizer.learning-rate",
                                        2e-3,
                                        "policy.compute",
                                        "bfloat16"))
                        .plan(),
                run.directory());
        assertThat(other.run().end().outcome()).isEqualTo(RunEnded.Outcome.FINISHED);
        Verification.Result result = replayed(run.directory());
        assertThat(result.same()).isTrue();
        assertThat(result.lives()).isEqualTo(2);
        assertThat(result.steps()).isEqualTo(6);
        assertThat(result.checked()).isEqualTo(result.commits().size());
    }

    /// As after a kill between two commits: what came after the first did not happen.
    @Test
    void aLineThatDiedIsLeftOut()
            throws IOException, CheckpointException, InterruptedException, IncompleteLogException {
        Path killed = RecordedRuns.copy(asynchronous.directory(), temp.resolve("killed"));
        FileTree.delete(killed.resolve("checkpoints/step-6"));
        SmallRun again = new SmallRun(asynchronous.plan(), killed);
        assertThat(again.run().end().outcome()).isEqualTo(RunEnded.Outcome.FINISHED);
        Verification.Result result = replayed(killed);
        assertThat(result.same()).isTrue();
        assertThat(result.undone()).isEqualTo(2);
        assertThat(verdicts(result)).containsExactly("v2 PRUNED", "v4 SAME", "v6 SAME");
    }

    @Test
    void theOriginOfAStepAddsUp() throws IOException, CheckpointException, IncompleteLogException {
        StepOrigin origin = StepOrigin.of(RecordedRun.open(asynchronous.directory(), List.of()), new PolicyVersion(6));
        assertThat(origin.same()).isTrue();
        assertThat(origin.start()).isEqualTo(4);
        assertThat(origin.samples()).hasSize(8);
        assertThat(origin.samples().stream().mapToDouble(SampleOrigin::share).sum())
                .isCloseTo(1, within(1e-9));
        assertThat(origin.samples().stream().mapToInt(SampleOrigin::tokens).sum())
                .isEqualTo(requireNonNull(origin.metrics().get(LearnerMetrics.BATCH_TOKENS))
                        .intValue());
        assertThat(origin.samples().stream()
                        .mapToDouble(SampleOrigin::reward)
                        .average()
                        .orElseThrow())
                .isCloseTo(origin.metrics().get(LearnerMetrics.REWARD_MEAN), within(1e-12));
        assertThat(origin.samples())
                .allSatisfy(sample -> assertThat(sample.versions().stream()
                                .mapToInt(span -> span.last() - span.first() + 1)
                                .sum())
                        .isEqualTo(sample.tokens()));
        assertThat(origin.samples().stream()
                        .mapToLong(SampleOrigin::staleness)
                        .max()
                        .orElseThrow())
                .isEqualTo(requireNonNull(origin.metrics().get(LearnerMetrics.STALENESS_MAX))
                        .longValue());
    }

    @Test
    void theOriginIsPrintedWithItsSums() {
        CommandRun command = CommandRun.of("replay", asynchronous.directory().toString(), "--at", "1");
        assertThat(command.status()).as(command.err()).isZero();
        assertThat(command.out())
                .contains("the step from v0 to v1")
                .contains("by rollout-1")
                .contains("length ")
                .contains("shares 100.0 %")
                .contains("the step's metrics are those recorded");
    }

    @Test
    void otherSettingsMakeOtherWeightsOfTheSameData() throws IOException {
        Path out = temp.resolve("other-weights");
        CommandRun command = CommandRun.of(
                "replay",
                asynchronous.directory().toString(),
                "--with",
                "learner.objective=reinforce",
                "--with",
                "learner.optimizer.learning-rate=1e-4",
                "--out",
                out.toString());
        assertThat(command.status()).as(command.err()).isZero();
        assertThat(command.out())
                .contains("recorded | with learner.objective=reinforce, learner.optimizer.learning-rate=1e-4")
                .contains("from the step after v1 on they are off-policy")
                .contains("loss/total")
                .contains("optim/gradient-norm");
        assertThat(SafetensorsFile.readModel(out))
                .hasSameSizeAs(SafetensorsFile.readModel(model))
                .isNotEqualTo(SafetensorsFile.readModel(asynchronous.directory().resolve("checkpoints/step-6/model")));
    }

    @Test
    void equalSettingsMakeTheRecordedWeights() throws IOException, IncompleteLogException {
        Path out = temp.resolve("same-weights");
        Variation variation = Variation.of(
                RecordedRun.open(asynchronous.directory(), List.of("learner.checkpoints.keep-last=7")),
                Optional.of(out),
                _ -> {});
        assertThat(variation.firstDifferent()).isEmpty();
        assertThat(variation.rows())
                .hasSize(6)
                .allSatisfy(row -> assertThat(row.replayed()).isEqualTo(row.recorded()));
        assertThat(SafetensorsFile.readModel(out))
                .isEqualTo(SafetensorsFile.readModel(asynchronous.directory().resolve("checkpoints/step-6/model")));
    }

    /// A log of a release that did not record settings yet is replayed by the run's configuration, and says so.
    @Test
    void aLogWithoutSettingsIsReplayedByTheConfigurationAndSaysSo()
            throws IOException, CheckpointException, IncompleteLogException {
        Path older = RecordedRuns.changed(
                asynchronous.directory(),
                temp.resolve("older"),
                fact -> fact.filter(f -> !(f instanceof RunFact.LearnerStarted || f instanceof RunFact.WeightsMade)));
        Verification.Result result = replayed(older);
        assertThat(result.same()).isTrue();
        assertThat(result.sameVersions()).isZero();
        assertThat(result.notes())
                .singleElement()
                .asString()
                .startsWith("life i1 recorded neither its settings nor its threads: config.conf is taken");
    }

    @Test
    void wrongInputIsOneLineWithStatusTwo() throws IOException {
        assertRefused("no run in " + model, model.toString());
        String run = asynchronous.directory().toString();
        assertRefused("--with takes learner.KEY=VALUE, not stage.steps=3", run, "--with", "stage.steps=3");
        assertRefused("railhead.learner.objektive", run, "--with", "learner.objektive=clip");
        assertRefused("no step to v7", run, "--at", "7");
        assertRefused(
                "--out goes with --with", run, "--out", temp.resolve("nowhere").toString());
        assertRefused("is not an empty folder", run, "--with", "learner.epochs=2", "--out", model.toString());
        Path gap = RecordedRuns.changed(
                asynchronous.directory(),
                temp.resolve("no-step"),
                fact -> fact.filter(f -> !(f instanceof RunFact.StepFinished step
                        && step.version().number() == 2)));
        assertRefused("the log lacks the step to v2", gap.toString());
        assertThat(temp.resolve("nowhere")).doesNotExist();
    }

    private static void assertRefused(String sentence, String... args) {
        List<String> all = new ArrayList<>(List.of("replay"));
        all.addAll(List.of(args));
        CommandRun command = CommandRun.of(all.toArray(String[]::new));
        assertThat(command.status()).as(command.out() + command.err()).isEqualTo(2);
        assertThat(command.err()).contains(sentence).hasLineCount(1);
    }
}
