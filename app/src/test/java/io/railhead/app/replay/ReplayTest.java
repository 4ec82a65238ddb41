package io.railhead.app.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.app.run.FileTree;
import io.railhead.app.run.RandomModel;
import io.railhead.app.run.RunDirectory;
import io.railhead.app.run.SmallRun;
import io.railhead.app.run.StopRequest;
import io.railhead.learner.CheckpointException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    private static SmallRun begun(String name, Map<String, Object> more) throws IOException {
        Map<String, Object> settings = new TreeMap<>(Map.of(
                "policy.rollout-devices", List.of("cpu", "cpu"),
                "stage.max-staleness", 1,
                "stage.steps", 6,
                "stage.checkpoint-every", 2,
                "learner.keep-checkpoints", 2));
        settings.putAll(more);
        SmallRun run = SmallRun.of(model, temp.resolve(name), settings);
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
        assertThat(verdicts(result)).containsExactly("v2 PRUNED", "v4 SAME", "v6 SAME");
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
    void aRunThatWasStoppedAndResumedReplays()
            throws IOException, CheckpointException, InterruptedException, IncompleteLogException {
        SmallRun run = begun("resumed", Map.of("learner.keep-checkpoints", 10));
        StopRequest stop = new StopRequest();
        SmallRun.Ended first = run.run(stop, fact -> {
            if (fact instanceof RunFact.StepFinished step && step.version().number() == 3) {
                stop.request();
            }
        });
        assertThat(first.end().outcome()).isEqualTo(RunEnded.Outcome.STOPPED);
        assertThat(run.run().end().outcome()).isEqualTo(RunEnded.Outcome.FINISHED);
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
}
