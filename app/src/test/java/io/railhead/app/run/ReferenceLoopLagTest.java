package io.railhead.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.stage.PromptLoadException;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.TrainablePolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceLoopLagTest {
    private static final int LAG = 2;

    @TempDir
    private Path temp;

    @Test
    void everyTokenIsExactlyAsOldAsTheLagOnceThereAreSoManySteps() throws IOException, PromptLoadException {
        List<ReferenceLoop.Step> steps = run(LAG);
        assertThat(steps)
                .extracting(step -> step.metrics().get("staleness/mean"))
                .containsExactly(0.0, 1.0, 2.0, 2.0);
        assertThat(steps)
                .extracting(step -> step.metrics().get("staleness/max"))
                .containsExactly(0.0, 1.0, 2.0, 2.0);
    }

    @Test
    void isReproducibleAndNotTheSynchronousAlgorithm() throws IOException, PromptLoadException {
        List<Double> once = rewards(run(LAG));
        assertThat(rewards(run(LAG))).isEqualTo(once);
        assertThat(rewards(run(0))).isNotEqualTo(once);
    }

    private static List<Double> rewards(List<ReferenceLoop.Step> steps) {
        return steps.stream().map(step -> step.metrics().get("reward/mean")).toList();
    }

    private List<ReferenceLoop.Step> run(int lag) throws IOException, PromptLoadException {
        Path model = RandomModel.in(temp.resolve("model"), 7);
        RunPlan plan = SmallRun.of(model, temp.resolve("unused"), Map.of("stage.steps", 4))
                .plan();
        try (GenerationEngine engine = plan.model().engine(plan.policy().engine());
                TrainablePolicy policy = plan.model().trainable(plan.training())) {
            return new ReferenceLoop(
                            plan.stage(), plan.learner(), plan.train(), engine, new LengthReward(), policy, lag)
                    .run();
        }
    }
}
