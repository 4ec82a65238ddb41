package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.Bfloat16;
import io.railhead.policy.ComputeType;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.NamedTensor.ElementType;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.TokenScores;
import io.railhead.policy.TrainingRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Bfloat16TrainingTest {
    private static final double NO_CLIPPING = 1e9;
    private static final TrainingOptions OPTIONS = TestDevice.training().with(TestDevice.compute(ComputeType.BFLOAT16));

    @TempDir
    Path folder;

    @TempDir
    Path checkpoint;

    private DjlTrainablePolicy policy;
    private List<TrainingRow> rows;

    @BeforeEach
    void open() throws IOException {
        TinyModel.create(folder);
        policy = DjlTrainablePolicy.open(folder, OPTIONS);
        rows = TinyRows.ragged(policy);
    }

    @AfterEach
    void close() {
        policy.close();
    }

    @Test
    void scoresAreThoseOf32BitsButForRounding() throws IOException {
        try (DjlTrainablePolicy wide = DjlTrainablePolicy.open(folder, TestDevice.training())) {
            List<TokenScores> expected = wide.score(rows, ParameterSet.TARGET);
            List<TokenScores> computed = policy.score(rows, ParameterSet.TARGET);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(computed.get(i).logProbs())
                        .containsExactly(expected.get(i).logProbs(), within(0.1f));
                assertThat(computed.get(i).entropies())
                        .containsExactly(expected.get(i).entropies(), within(0.1f));
            }
        }
    }

    @Test
    void gradientsOfPassesAddUpIn32Bits() {
        Map<String, float[]> first = gradientsOf(rows.subList(0, 1));
        Map<String, float[]> second = gradientsOf(rows.subList(1, 2));
        policy.accumulate(rows.subList(0, 1), new WeightedScores(0.1));
        policy.accumulate(rows.subList(1, 2), new WeightedScores(0.1));
        boolean finer = false;
        for (Map.Entry<String, float[]> sum : gradients().entrySet()) {
            float[] expected = of(first, sum.getKey());
            float[] addend = of(second, sum.getKey());
            for (int i = 0; i < expected.length; i++) {
                expected[i] += addend[i];
                finer |= (Float.floatToRawIntBits(expected[i]) & 0xffff) != 0;
            }
            for (int i = 0; i < expected.length; i++) {
                float allowed = 2 * Math.ulp(Math.max(Math.abs(expected[i]), Math.abs(addend[i])));
                assertThat(sum.getValue()[i]).as(sum.getKey()).isCloseTo(expected[i], within(allowed));
            }
        }
        assertThat(finer).as("a sum that 16 bits cannot hold").isTrue();
    }

    @Test
    void aStepIsThatOfThePlainOptimizerOnTheMastersAndWeightsAreMastersRounded() {
        Map<String, PlainAdamW> plain = new HashMap<>();
        masters().forEach((name, values) -> plain.put(name, new PlainAdamW(values)));
        OptimizerStep step = new OptimizerStep(1e-3, 0.9, 0.99, 1e-8, 0.1, NO_CLIPPING);
        for (int i = 0; i < 3; i++) {
            policy.accumulate(rows, new WeightedScores(0.1));
            Map<String, float[]> gradients = gradients();
            policy.step(step);
            for (Map.Entry<String, float[]> master : masters().entrySet()) {
                boolean matrix = policy.weights(ParameterSet.TARGET)
                                .get(master.getKey())
                                .getShape()
                                .dimension()
                        > 1;
                double[] expected =
                        of(plain, master.getKey()).step(of(gradients, master.getKey()), step, matrix ? 0.1 : 0);
                for (int j = 0; j < expected.length; j++) {
                    assertThat((double) master.getValue()[j]).isCloseTo(expected[j], within(1e-6));
                }
            }
        }
        for (NamedTensor tensor : policy.snapshot(PolicyVersion.BASE).tensors()) {
            float[] master = of(masters(), tensor.name());
            assertThat(tensor).isEqualTo(Bfloat16.of(NamedTensor.ofFloats(tensor.name(), tensor.shape(), master)));
        }
    }

    @Test
    void stepsThat16BitsWouldLoseAddUpInTheMasters() {
        NamedTensor before = snapshot("model.norm.weight");
        OptimizerStep small = new OptimizerStep(1e-6, 0.9, 0.99, 1e-8, 0, NO_CLIPPING);
        float[] start = of(masters(), "model.norm.weight");
        for (int i = 0; i < 10; i++) {
            policy.accumulate(rows, LikelihoodObjective.INSTANCE);
            policy.step(small);
        }
        assertThat(snapshot("model.norm.weight")).isEqualTo(before);
        float[] end = of(masters(), "model.norm.weight");
        double moved = 0;
        for (int i = 0; i < end.length; i++) {
            moved = Math.max(moved, Math.abs(end[i] - start[i]));
        }
        assertThat(moved).isBetween(5e-6, 2e-5);
    }

    @Test
    void trainingGoesOnFromASaveBitByBit() throws IOException {
        OptimizerStep step = new OptimizerStep(1e-5, 0.9, 0.99, 1e-8, 0.1, 1);
        policy.accumulate(rows, new WeightedScores(0.1));
        policy.step(step);
        policy.save(checkpoint);
        assertThat(SafetensorsFile.readModel(checkpoint.resolve("model")))
                .extracting(NamedTensor::type)
                .containsOnly(ElementType.BF16);
        try (DjlTrainablePolicy other = DjlTrainablePolicy.open(folder, OPTIONS)) {
            other.load(checkpoint);
            for (DjlTrainablePolicy one : List.of(policy, other)) {
                one.accumulate(rows, new WeightedScores(0.1));
                one.step(step);
            }
            assertThat(other.weights(ParameterSet.TARGET).arrays().masters().keySet())
                    .allSatisfy(name -> assertThat(values(other, name)).isEqualTo(values(policy, name)));
            assertThat(other.snapshot(PolicyVersion.BASE)).isEqualTo(policy.snapshot(PolicyVersion.BASE));
        }
    }

    @Test
    void theReferenceHasTheTypeOfThePasses() {
        policy.freezeReference();
        assertThat(policy.weights(ParameterSet.REFERENCE).type()).isEqualTo(ComputeType.BFLOAT16);
        assertThat(policy.score(rows, ParameterSet.REFERENCE).getFirst().logProbs())
                .isEqualTo(policy.score(rows, ParameterSet.TARGET).getFirst().logProbs());
    }

    private NamedTensor snapshot(String name) {
        return policy.snapshot(PolicyVersion.BASE).tensors().stream()
                .filter(tensor -> tensor.name().equals(name))
                .findAny()
                .orElseThrow();
    }

    private Map<String, float[]> masters() {
        Map<String, float[]> values = new HashMap<>();
        policy.weights(ParameterSet.TARGET)
                .arrays()
                .masters()
                .keySet()
                .forEach(name -> values.put(name, values(policy, name)));
        return values;
    }

    private static float[] values(DjlTrainablePolicy policy, String name) {
        return of(policy.weights(ParameterSet.TARGET).arrays().masters(), name).toFloatArray();
    }

    private static <V> V of(Map<String, V> map, String name) {
        return Objects.requireNonNull(map.get(name), name);
    }

    /// Those of one pass alone, which are then forgotten.
    private Map<String, float[]> gradientsOf(List<TrainingRow> some) {
        policy.accumulate(some, new WeightedScores(0.1));
        Map<String, float[]> gradients = gradients();
        policy.step(new OptimizerStep(0, 0.9, 0.99, 1e-8, 0, NO_CLIPPING));
        return gradients;
    }

    private Map<String, float[]> gradients() {
        Map<String, float[]> values = new HashMap<>();
        policy.weights(ParameterSet.TARGET).arrays().masters().forEach((name, master) -> {
            try (NDArray gradient = master.getGradient()) {
                values.put(name, gradient.toFloatArray());
            }
        });
        return values;
    }

    /// The textbook's, in double precision.
    private static final class PlainAdamW {
        private final double[] weights;
        private final double[] first;
        private final double[] second;
        private int steps;

        PlainAdamW(float[] start) {
            weights = new double[start.length];
            first = new double[start.length];
            second = new double[start.length];
            for (int i = 0; i < start.length; i++) {
                weights[i] = start[i];
            }
        }

        double[] step(float[] gradient, OptimizerStep settings, double decay) {
            steps++;
            for (int i = 0; i < weights.length; i++) {
                first[i] = settings.beta1() * first[i] + (1 - settings.beta1()) * gradient[i];
                second[i] = settings.beta2() * second[i] + (1 - settings.beta2()) * gradient[i] * gradient[i];
                double mean = first[i] / (1 - Math.pow(settings.beta1(), steps));
                double root = Math.sqrt(second[i] / (1 - Math.pow(settings.beta2(), steps)));
                weights[i] -= settings.learningRate() * (decay * weights[i] + mean / (root + settings.epsilon()));
            }
            return weights;
        }
    }
}
