package io.railhead.app.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.railhead.policy.OptimizerStep;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.djl.DjlTrainablePolicy;
import io.railhead.policy.djl.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The learner's objective on the policy against PyTorch: one group of ragged responses to a prompt with a picture,
/// there a padded batch that computes the prompt four times, here one row.
class GoldenGradientsTest {
    /// Leaves the gradient itself behind as the first moment, and the weights as they were.
    private static final OptimizerStep KEEP_GRADIENT = new OptimizerStep(0, 0, 0, 1e-8, 0, 1e30);

    @TempDir
    private Path folder;

    @TempDir
    private Path saved;

    @ParameterizedTest
    @ValueSource(strings = {"tied", "untied"})
    void gradientsOfEveryWeightEqualThoseOfPyTorch(String name) throws IOException {
        GroupGolden golden = GroupGolden.read(name);
        assertThat(golden.advantages()).containsExactly(golden.expectedAdvantages(), within(1e-12));
        try (var policy = DjlTrainablePolicy.open(golden.unpack(folder), TrainingOptions.DEFAULT)) {
            double loss = policy.accumulate(List.of(golden.row()), golden.objective());
            assertThat(loss).isCloseTo(golden.losses()[0], within(1e-5));
            assertThat(policy.step(KEEP_GRADIENT)).isCloseTo(golden.norms()[0], within(1e-4 * golden.norms()[0]));
            policy.save(saved);
        }
        var moments =
                SafetensorsFile.read(saved.resolve("optimizer.safetensors")).tensors();
        Map<String, float[]> gradients = GroupGolden.floatsOf(moments, "first_moment.");
        Map<String, float[]> expected = golden.expected("gradient");
        assertThat(gradients).containsOnlyKeys(expected.keySet());
        expected.forEach((weight, values) -> assertThat(relativeDeviation(gradients.get(weight), values))
                .as(weight)
                .isLessThan(1e-4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tied", "untied"})
    void weightsAfterTwoClippedStepsEqualThoseOfPyTorch(String name) throws IOException {
        GroupGolden golden = GroupGolden.read(name);
        Map<String, float[]> stepped;
        try (var policy = DjlTrainablePolicy.open(golden.unpack(folder), TrainingOptions.DEFAULT)) {
            for (int step = 0; step < golden.losses().length; step++) {
                double loss = policy.accumulate(List.of(golden.row()), golden.objective());
                assertThat(loss).isCloseTo(golden.losses()[step], within(1e-5));
                assertThat(policy.step(golden.optimizerStep()))
                        .isCloseTo(golden.norms()[step], within(1e-4 * golden.norms()[step]));
            }
            stepped = GroupGolden.floatsOf(policy.snapshot(PolicyVersion.BASE).tensors(), "");
        }
        golden.expected("stepped")
                .forEach((weight, values) ->
                        assertThat(stepped.get(weight)).as(weight).containsExactly(values, Offset.offset(1e-6f)));
    }

    /// The largest deviation, in units of the weight's largest gradient.
    private static double relativeDeviation(float[] found, float[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        double largest = 0;
        double deviation = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            deviation = Math.max(deviation, Math.abs(found[i] - expected[i]));
        }
        assertThat(largest).as("a gradient that is not all zero").isPositive();
        return deviation / largest;
    }
}
