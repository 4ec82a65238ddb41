package io.railhead.app.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.railhead.policy.EmbeddedModel;
import io.railhead.policy.InitialWeights;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.djl.DjlTokenizer;
import io.railhead.policy.djl.DjlTrainablePolicy;
import io.railhead.policy.djl.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainingTest {
    private static final PretrainingRecipe TINY = new PretrainingRecipe(
            3, 2, 2, 3, new PretrainingRecipe.Steps(2, 2, 2, 2), new PretrainingRecipe.Rates(2e-3, 1e-3, 3e-4, 0.1));

    private record Outcome(String sha256, List<Pretraining.Progress> steps) {}

    @Test
    void theSameRecipeGivesTheSameWeights(@TempDir Path first, @TempDir Path second) throws IOException {
        Outcome one = pretrain(first);
        assertThat(one).isEqualTo(pretrain(second));
        assertThat(one.steps()).hasSize(TINY.steps());
        assertThat(one.steps().subList(0, 2)).allMatch(step -> Double.isNaN(step.answers()));
        assertThat(one.steps().subList(2, 8)).allMatch(step -> Double.isFinite(step.answers()));
    }

    @Test
    void theLearningRateWarmsUpAndFallsToATwentieth() {
        PretrainingRecipe recipe = new PretrainingRecipe(
                1,
                1,
                1,
                1,
                new PretrainingRecipe.Steps(100, 100, 900, 100),
                new PretrainingRecipe.Rates(2e-3, 1e-3, 3e-4, 0.1));
        assertThat(recipe.learningRateAt(0)).isCloseTo(2e-3 / 50, within(1e-12));
        assertThat(recipe.learningRateAt(99)).isEqualTo(2e-3);
        assertThat(recipe.learningRateAt(100)).isCloseTo(1e-3 / 50, within(1e-9));
        assertThat(recipe.learningRateAt(1099)).isCloseTo(5e-5, within(1e-8));
        assertThat(recipe.learningRateAt(1100)).isCloseTo(3e-4 / 50, within(1e-9));
        assertThat(recipe.learningRateAt(1199)).isCloseTo(1.5e-5, within(1e-6));
    }

    private static Outcome pretrain(Path folder) throws IOException {
        ModelDirectory model = EmbeddedModel.unpack(folder);
        SafetensorsFile.write(
                folder.resolve(SafetensorsFile.SINGLE),
                InitialWeights.random(model.config(), InitialWeights.Style.MIMETIC, TINY.seed()),
                Map.of());
        try (DjlTokenizer tokenizer = DjlTokenizer.open(model.tokenizerFile());
                var policy = DjlTrainablePolicy.open(folder, TrainingOptions.DEFAULT)) {
            var pretraining = new Pretraining(TINY, model, policy, tokenizer);
            var steps = new ArrayList<Pretraining.Progress>();
            while (!pretraining.finished()) {
                steps.add(pretraining.next());
            }
            return new Outcome(policy.snapshot(PolicyVersion.BASE).sha256(), List.copyOf(steps));
        }
    }
}
