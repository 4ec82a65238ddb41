package io.railhead.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.learner.CheckpointException;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.djl.DjlGenerationEngine;
import io.railhead.policy.djl.EngineLimits;
import io.railhead.policy.djl.EngineOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedWaitEngineTest {
    @TempDir
    private static Path temp;

    private static Path model;

    @BeforeAll
    static void makeModel() throws IOException {
        model = RandomModel.in(temp.resolve("model"), 3);
    }

    @Test
    void eachStepTakesLongerAndNoStepWaitsForAnInterruptedThread() throws IOException {
        try (DjlGenerationEngine engine =
                PolicySource.of(model.toString()).engine(EngineOptions.of(new EngineLimits(4, 1024, 256)))) {
            assertThat(SimulatedWaitEngine.over(engine, Duration.ZERO)).isSameAs(engine);
            GenerationEngine slow = SimulatedWaitEngine.over(engine, Duration.ofMillis(60));
            long start = System.nanoTime();
            assertThat(slow.step()).isEmpty();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(60_000_000);

            GenerationEngine stuck = SimulatedWaitEngine.over(engine, Duration.ofDays(1));
            Thread.currentThread().interrupt();
            assertThat(stuck.step()).isEmpty();
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aRunThatWaitsMakesTheSameWeights() throws IOException, CheckpointException, InterruptedException {
        SmallRun plain = SmallRun.of(model, temp.resolve("plain"), Map.of("stage.steps", 2));
        SmallRun waiting =
                SmallRun.of(model, temp.resolve("waiting"), Map.of("stage.steps", 2, "policy.simulated-wait", "20ms"));
        plain.run();
        assertThat(waiting.run().end().outcome()).isEqualTo(RunEnded.Outcome.FINISHED);
        assertThat(waiting.weights()).isEqualTo(plain.weights());
        assertThat(waiting.plan().policy().timingNote())
                .hasValue("timing is simulated: each decode step of a rollout waits 20 ms more, as if it were computed"
                        + " elsewhere");
        assertThat(plain.plan().policy().timingNote()).isEmpty();
    }
}
