package io.railhead.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.learner.CheckpointException;
import io.railhead.learner.Checkpoints;
import io.railhead.learner.LearnerMetrics;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRunTest {
    @TempDir
    private static Path temp;

    private static Path model;

    @BeforeAll
    static void makeModel() throws IOException {
        model = RandomModel.in(temp.resolve("model"), 3);
    }

    @Test
    void twoRunsOfOneSeedMakeTheSameWeights() throws IOException, CheckpointException, InterruptedException {
        SmallRun one = SmallRun.of(model, temp.resolve("one"), Map.of());
        SmallRun other = SmallRun.of(model, temp.resolve("other"), Map.of());
        SmallRun differentSeed = SmallRun.of(model, temp.resolve("seed"), Map.of("stage.seed", 2));
        one.run();
        other.run();
        differentSeed.run();
        assertThat(one.weights()).isEqualTo(other.weights()).isNotEqualTo(differentSeed.weights());
    }

    @Test
    void aStoppedAndResumedRunMakesTheWeightsOfAnUninterruptedOne()
            throws IOException, CheckpointException, InterruptedException {
        SmallRun whole = SmallRun.of(model, temp.resolve("whole"), Map.of());
        assertThat(whole.run().end().outcome()).isEqualTo(RunEnded.Outcome.FINISHED);

        SmallRun interrupted = SmallRun.of(model, temp.resolve("interrupted"), Map.of());
        StopRequest stop = new StopRequest();
        Instant start = Instant.now();
        SmallRun.Ended first = interrupted.run(stop, fact -> {
            if (fact instanceof RunFact.StepFinished step && step.version().number() == 2) {
                stop.request();
            }
        });
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofMinutes(1));
        assertThat(first.end().outcome()).isEqualTo(RunEnded.Outcome.STOPPED);
        assertThat(first.end().version().number()).isBetween(2L, 3L);
        SmallRun.Ended second = interrupted.run();

        assertThat(second.end().outcome()).isEqualTo(RunEnded.Outcome.FINISHED);
        assertThat(second.steps().getFirst().version())
                .isEqualTo(first.end().version().next());
        assertThat(interrupted.weights()).isEqualTo(whole.weights());
        assertThat(versionsIn(interrupted.directory().resolve("metrics.jsonl"))).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void aRunCommitsAndStopsWhenItsTimeIsOver() throws IOException, CheckpointException, InterruptedException {
        SmallRun run =
                SmallRun.of(model, temp.resolve("limited"), Map.of("run.time-limit", "2s", "stage.steps", 100_000));
        SmallRun.Ended ended = run.run();
        assertThat(ended.end().outcome()).as(ended.end().cause()).isEqualTo(RunEnded.Outcome.STOPPED);
        assertThat(ended.end().cause()).isEqualTo("its time limit of 2 s is over");
        PolicyVersion last = ended.end().version();
        Optional<PolicyVersion> committed =
                Checkpoints.latest(run.directory()).checkpoint().map(checkpoint -> checkpoint.version());
        if (last.number() == 0) { // on a slow machine: whether a learner was there to commit it, too
            assertThat(committed).isIn(Optional.empty(), Optional.of(last));
        } else {
            assertThat(committed).contains(last);
        }
    }

    @Test
    void eachDeviceOfANodeIsAWorkerOfItsOwn() throws IOException, CheckpointException, InterruptedException {
        SmallRun run = SmallRun.of(
                model,
                temp.resolve("devices"),
                Map.of("policy.rollout-devices", List.of("cpu", "cpu"), "stage.max-staleness", 4, "stage.steps", 1000));
        Set<String> workers = ConcurrentHashMap.newKeySet();
        StopRequest stop = new StopRequest();
        SmallRun.Ended ended = run.run(stop, fact -> {
            if (fact instanceof RunFact.TrajectoryTaken taken) {
                workers.add(taken.trajectory().rollout().workerId());
            }
            if (workers.size() == 2) {
                stop.request();
            }
        });
        assertThat(ended.end().outcome()).as(ended.end().cause()).isEqualTo(RunEnded.Outcome.STOPPED);
        assertThat(workers).containsExactlyInAnyOrder("rollout-1", "rollout-1-2");
    }

    @Test
    void whatTrainingComputesIsWhatGenerationSampled() throws IOException, CheckpointException, InterruptedException {
        SmallRun.Ended ended =
                SmallRun.of(model, temp.resolve("mismatch"), Map.of()).run();
        assertThat(ended.steps())
                .hasSize(4)
                .allSatisfy(step -> assertThat(step.metrics().get(LearnerMetrics.KL_MISMATCH))
                        .isBetween(0.0, 1e-6));
    }

    @Test
    void theLedgerBalancesAtEachStepAndNoTokenIsTooStale()
            throws IOException, CheckpointException, InterruptedException {
        SmallRun run = SmallRun.of(model, temp.resolve("stale"), Map.of("stage.max-staleness", 2, "stage.steps", 6));
        SmallRun.Ended ended = run.run();
        assertThat(ended.end().outcome()).as(ended.end().cause()).isEqualTo(RunEnded.Outcome.FINISHED);
        assertThat(ended.steps().stream().map(step -> step.version().number()))
                .isEqualTo(LongStream.rangeClosed(1, 6).boxed().toList());
        assertThat(ended.steps()).allSatisfy(step -> {
            LedgerCounts ledger = step.ledger();
            assertThat(ledger.trained()).isEqualTo(2 * step.version().number());
            assertThat(ledger.issued())
                    .isEqualTo(ledger.trained()
                            + ledger.filtered()
                            + ledger.stale()
                            + ledger.failed()
                            + ledger.inFlight());
            assertThat(ledger.inFlight()).isLessThanOrEqualTo(6);
            assertThat(step.metrics().get("staleness/max")).isLessThanOrEqualTo(2);
        });
        assertThat(ended.end().ledger().inFlight()).isZero();
    }

    @Test
    void aRunWhoseRecordCannotBeOpenedDoesNotStart() throws IOException {
        Path directory = Files.createDirectories(temp.resolve("blocked"));
        Files.writeString(directory.resolve("events"), "a file where a folder belongs");
        SmallRun run = SmallRun.of(model, directory, Map.of());
        assertThatThrownBy(run::run).isInstanceOf(IOException.class).hasMessageContaining("events");
    }

    private static List<Long> versionsIn(Path metrics) throws IOException {
        return Files.readAllLines(metrics).stream()
                .map(line -> Long.parseLong(line.replaceAll("\\{\"version\":(\\d+),.*", "$1")))
                .toList();
    }
}
