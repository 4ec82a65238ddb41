package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.policy.LoraConfig;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.vision.Weight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When the batch norm of a convolutional tower learns.
class BatchStatisticsTest {
    private static final OptimizerStep STEP = new OptimizerStep(1e-3, 0.9, 0.999, 1e-8, 0.01, 1);

    @TempDir
    private Path folder;

    @BeforeEach
    void create() {
        TinyModel.create(folder, TinyModel.Tower.CONVOLUTIONAL);
    }

    @Test
    void statisticsAreLearntInSupervisedTrainingAlone() throws IOException {
        Map<String, List<Float>> first = statistics(TrainingOptions.DEFAULT, 0);
        assertThat(first).hasSizeGreaterThan(20);
        assertThat(statistics(TrainingOptions.DEFAULT, 2)).isEqualTo(first);
        TrainingOptions learning = TrainingOptions.DEFAULT.withBatchStatistics(true);
        assertThat(statistics(learning.withVisionFrozen(true), 2)).isEqualTo(first);
        assertThat(statistics(learning.with(new LoraConfig(2, 4, List.of("q_proj"))), 2))
                .isEqualTo(first);
        Map<String, List<Float>> learnt = statistics(learning, 2);
        first.forEach((name, values) -> assertThat(learnt.get(name)).as(name).isNotEqualTo(values));
    }

    /// They are no parameters: decay of weights would move a variance to zero.
    @Test
    void theOptimizerLeavesThemAlone() throws IOException {
        try (var policy = DjlTrainablePolicy.open(folder, TrainingOptions.DEFAULT)) {
            policy.accumulate(TinyRows.ragged(policy), new WeightedScores(0.1));
            policy.step(new OptimizerStep(1, 0.9, 0.999, 1e-8, 0.5, 1));
            assertThat(policy.snapshot(PolicyVersion.BASE).tensors().stream()
                            .filter(tensor -> tensor.name().endsWith(".running_var")))
                    .isNotEmpty()
                    .allSatisfy(tensor -> assertThat(tensor.floats()).containsOnly(1));
        }
    }

    @Test
    void savedAndLoadedTheyAreTheSame(@TempDir Path saved) throws IOException {
        TrainingOptions learning = TrainingOptions.DEFAULT.withBatchStatistics(true);
        try (var policy = DjlTrainablePolicy.open(folder, learning);
                var other = DjlTrainablePolicy.open(folder, learning)) {
            policy.accumulate(TinyRows.ragged(policy), new WeightedScores(0.1));
            policy.step(STEP);
            policy.save(saved);
            other.load(saved);
            assertThat(other.snapshot(PolicyVersion.BASE).sha256())
                    .isEqualTo(policy.snapshot(PolicyVersion.BASE).sha256());
            assertThat(statistics(other)).isEqualTo(statistics(policy));
        }
    }

    private Map<String, List<Float>> statistics(TrainingOptions options, int steps) throws IOException {
        try (var policy = DjlTrainablePolicy.open(folder, options)) {
            for (int i = 0; i < steps; i++) {
                policy.accumulate(TinyRows.ragged(policy), new WeightedScores(0.1));
                policy.step(STEP);
            }
            return options.lora().isPresent()
                    ? values(policy.weights(ParameterSet.TARGET).arrays().tensors())
                    : statistics(policy);
        }
    }

    private static Map<String, List<Float>> statistics(DjlTrainablePolicy policy) {
        return values(policy.snapshot(PolicyVersion.BASE).tensors());
    }

    private static Map<String, List<Float>> values(List<NamedTensor> tensors) {
        return tensors.stream()
                .filter(tensor -> Weight.isStatistic(tensor.name()))
                .collect(Collectors.toMap(NamedTensor::name, tensor -> floats(tensor.floats())));
    }

    private static List<Float> floats(float[] values) {
        return IntStream.range(0, values.length).mapToObj(i -> values[i]).toList();
    }
}
