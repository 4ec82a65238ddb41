package io.railhead.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.stage.PromptLoadException;
import io.railhead.learner.CheckpointException;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.TrainablePolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// With `maxStaleness = 0` the actor system is the synchronous algorithm, bit for bit.
class EmbeddedRunEqualsReferenceLoopTest {
    @TempDir
    private static Path temp;

    private static Path model;

    @BeforeAll
    static void makeModel() throws IOException {
        model = RandomModel.in(temp.resolve("model"), 7);
    }

    @Test
    void actorsAndReferenceLoopMakeTheSameWeights()
            throws IOException, CheckpointException, InterruptedException, PromptLoadException {
        SmallRun actors = SmallRun.of(model, temp.resolve("actors"), Map.of());
        SmallRun.Ended ended = actors.run();
        assertThat(ended.end().outcome()).as(ended.end().cause()).isEqualTo(RunEnded.Outcome.FINISHED);

        Reference reference = reference(SmallRun.of(model, temp.resolve("reference"), Map.of()));

        assertThat(ended.steps().stream().map(RunFact.StepFinished::trained))
                .isEqualTo(reference.steps().stream()
                        .map(ReferenceLoop.Step::trained)
                        .toList());
        assertThat(ended.steps().stream().map(step -> step.metrics().get("reward/mean")))
                .isEqualTo(reference.steps().stream()
                        .map(step -> step.metrics().get("reward/mean"))
                        .toList());
        assertThat(actors.weights()).isEqualTo(reference.weights());
    }

    /// The loop lowers the learning rate after every step, and the run is stopped in the middle.
    @Test
    void aClosedLoopMakesTheSameWeightsWithoutActorsAndAfterAResume()
            throws IOException, CheckpointException, InterruptedException, PromptLoadException {
        Map<String, Object> loop = Map.of(
                "stage.steps", 5,
                "stage.closed-loop.enabled", true,
                "stage.closed-loop.patience", 1,
                "stage.closed-loop.mismatch-kl.low", 0,
                "stage.closed-loop.mismatch-kl.high", 0);
        SmallRun actors = SmallRun.of(model, temp.resolve("loop"), loop);
        RunDirectory.create(actors.directory(), actors.plan().config()).close();
        StopRequest stop = new StopRequest();
        SmallRun.Ended first = actors.run(stop, fact -> {
            if (fact instanceof RunFact.StepFinished step && step.version().number() == 2) {
                stop.request();
            }
        });
        assertThat(first.end().outcome()).isEqualTo(RunEnded.Outcome.STOPPED);
        SmallRun.Ended second = actors.run();
        assertThat(second.end().outcome()).as(second.end().cause()).isEqualTo(RunEnded.Outcome.FINISHED);

        Reference reference = reference(SmallRun.of(model, temp.resolve("loop-reference"), loop));

        assertThat(actors.weights()).isEqualTo(reference.weights());
        assertThat(second.steps().getLast().metrics().get("optim/learning-rate-factor"))
                .isEqualTo(reference.steps().getLast().metrics().get("optim/learning-rate-factor"))
                .isLessThan(0.5);
        assertThat(reference(SmallRun.of(model, temp.resolve("open-reference"), Map.of("stage.steps", 5)))
                        .weights())
                .isNotEqualTo(reference.weights());
    }

    @Test
    void theWeightsReallyChange() throws IOException, PromptLoadException {
        SmallRun run = SmallRun.of(model, temp.resolve("unused"), Map.of());
        try (TrainablePolicy base = run.plan().model().trainable(run.plan().training())) {
            assertThat(reference(run).weights())
                    .isNotEqualTo(base.snapshot(PolicyVersion.BASE).sha256());
        }
    }

    private record Reference(List<ReferenceLoop.Step> steps, String weights) {}

    private static Reference reference(SmallRun run) throws PromptLoadException {
        RunPlan plan = run.plan();
        try (GenerationEngine engine = plan.model().engine(plan.policy().engine());
                TrainablePolicy policy = plan.model().trainable(plan.training())) {
            ReferenceLoop loop =
                    new ReferenceLoop(plan.stage(), plan.learner(), plan.train(), engine, new LengthReward(), policy);
            List<ReferenceLoop.Step> steps = loop.run();
            return new Reference(
                    steps, policy.snapshot(steps.getLast().version()).sha256());
        }
    }
}
