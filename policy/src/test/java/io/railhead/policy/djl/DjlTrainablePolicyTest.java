package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.InvalidModelException;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.PromptRejectedException;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.TokenGradients;
import io.railhead.policy.TokenIds;
import io.railhead.policy.TokenObjective;
import io.railhead.policy.TokenScores;
import io.railhead.policy.TrainingRow;
import io.railhead.policy.WeightsSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DjlTrainablePolicyTest {
    private static final OptimizerStep STEP = new OptimizerStep(1e-3, 0.9, 0.999, 1e-8, 0.01, 1);
    private static final float ROUNDING = 2e-5f;

    @TempDir
    Path folder;

    @TempDir
    Path checkpoint;

    private DjlTrainablePolicy policy;

    @BeforeEach
    void open() throws IOException {
        TinyModel.create(folder);
        policy = reopened();
    }

    @AfterEach
    void close() {
        policy.close();
    }

    private DjlTrainablePolicy reopened() throws IOException {
        return DjlTrainablePolicy.open(folder, TrainingOptions.DEFAULT.withTemperature(0.7));
    }

    @Test
    void logProbsOfARowEqualThoseOfEachPrefixAndContinuationComputedAlone() {
        for (TrainingRow row : TinyRows.ragged(policy)) {
            List<TokenScores> together = policy.score(List.of(row), ParameterSet.TARGET);
            List<TokenScores> alone = new ArrayList<>();
            for (TokenIds continuation : row.continuations()) {
                TrainingRow single = new TrainingRow(row.prefix(), row.images(), List.of(continuation));
                alone.addAll(policy.score(List.of(single), ParameterSet.TARGET));
            }
            assertClose(together, alone);
        }
    }

    @Test
    void whatIsKeptComesBackBitForBitAndWhatIsDiscardedLeavesNoTrace() throws IOException {
        List<TrainingRow> rows = TinyRows.ragged(policy);
        train(policy, rows);
        try (DjlTrainablePolicy calm = reopened()) {
            train(calm, rows);
            Runnable restore = policy.keep();
            train(policy, rows);
            train(policy, rows);
            restore.run();
            assertThat(sha256(policy)).isEqualTo(sha256(calm));
            policy.accumulate(rows, LikelihoodObjective.INSTANCE);
            policy.discard();
            train(policy, rows);
            train(calm, rows);
            assertThat(sha256(policy)).isEqualTo(sha256(calm)); // with the optimiser's moments
        }
    }

    private static void train(DjlTrainablePolicy policy, List<TrainingRow> rows) {
        policy.accumulate(rows, LikelihoodObjective.INSTANCE);
        policy.step(STEP);
    }

    private static String sha256(DjlTrainablePolicy policy) {
        return policy.snapshot(PolicyVersion.BASE).sha256();
    }

    @Test
    void otherRowsAndPaddingChangeNothing() {
        List<TrainingRow> rows = TinyRows.ragged(policy);
        List<TokenScores> alone = new ArrayList<>();
        for (TrainingRow row : rows) {
            alone.addAll(policy.score(List.of(row), ParameterSet.TARGET));
        }
        assertClose(policy.score(rows, ParameterSet.TARGET), alone);
    }

    @Test
    void gradientsAreThoseOfFiniteDifferences() {
        List<TrainingRow> rows = TinyRows.ragged(policy);
        TokenObjective objective = new WeightedScores(0.5);
        policy.accumulate(rows, objective);
        Weights weights = policy.weights(ParameterSet.TARGET);
        for (String name : List.of(
                "visual.patch_embed.proj.weight",
                "visual.blocks.0.attn.qkv.weight",
                "visual.blocks.1.mlp.up_proj.bias",
                "visual.merger.mlp.0.weight",
                "model.embed_tokens.weight",
                "model.layers.0.self_attn.k_proj.weight",
                "model.layers.0.self_attn.q_proj.bias",
                "model.layers.1.self_attn.v_proj.weight",
                "model.layers.1.mlp.down_proj.weight",
                "model.norm.weight")) {
            NDArray weight = weights.get(name);
            try (NDArray gradient = weight.getGradient()) {
                float[] direction = gradient.toFloatArray(); // along the gradient, where rounding matters least
                double norm = Math.sqrt(squares(direction));
                double difference = differenceAlong(weight, direction, 1e-2 / norm, rows, objective);
                assertThat(difference / (norm * norm)).as(name).isCloseTo(1, within(0.02));
            }
        }
    }

    private double differenceAlong(
            NDArray weight, float[] direction, double step, List<TrainingRow> rows, TokenObjective objective) {
        float[] values = weight.toFloatArray();
        double[] losses = new double[2];
        for (int side = 0; side < 2; side++) {
            float[] moved = values.clone();
            for (int i = 0; i < moved.length; i++) {
                moved[i] += (float) ((side == 0 ? -1 : 1) * step * direction[i]);
            }
            weight.set(moved);
            losses[side] =
                    objective.gradients(policy.score(rows, ParameterSet.TARGET)).loss();
        }
        weight.set(values);
        return (losses[1] - losses[0]) / (2 * step);
    }

    @Test
    void gradientsAddUpUntilTheStep() throws IOException {
        List<TrainingRow> rows = TinyRows.ragged(policy);
        try (DjlTrainablePolicy other = reopened()) {
            TokenObjective twice = scores -> doubled(new WeightedScores(0.5).gradients(scores));
            policy.accumulate(rows, new WeightedScores(0.5));
            policy.accumulate(rows, new WeightedScores(0.5));
            other.accumulate(rows, twice);
            double norm = policy.step(STEP);
            assertThat(norm).isCloseTo(other.step(STEP), within(1e-4 * norm));
            policy.accumulate(rows, new WeightedScores(0.5));
            assertThat(policy.step(STEP)).isLessThan(0.7 * norm);
        }
    }

    private static TokenGradients doubled(TokenGradients gradients) {
        return new TokenGradients(
                2 * gradients.loss(),
                gradients.byLogProb().stream()
                        .map(DjlTrainablePolicyTest::doubled)
                        .toList(),
                gradients.byEntropy().stream()
                        .map(DjlTrainablePolicyTest::doubled)
                        .toList());
    }

    private static float[] doubled(float[] values) {
        float[] doubled = values.clone();
        for (int i = 0; i < doubled.length; i++) {
            doubled[i] *= 2;
        }
        return doubled;
    }

    @Test
    void trainingRaisesTheLogProbsThatItIsToldToRaise() {
        List<TrainingRow> rows = TinyRows.ragged(policy);
        double before = sum(policy.score(rows, ParameterSet.TARGET));
        for (int i = 0; i < 10; i++) {
            policy.accumulate(rows, LikelihoodObjective.INSTANCE);
            policy.step(STEP);
        }
        assertThat(sum(policy.score(rows, ParameterSet.TARGET))).isGreaterThan(before + 1);
    }

    @Test
    void twoPoliciesWithTheSameCallsHaveTheSameBits() throws IOException {
        try (DjlTrainablePolicy other = reopened()) {
            for (DjlTrainablePolicy one : List.of(policy, other)) {
                for (int i = 0; i < 3; i++) {
                    one.accumulate(TinyRows.ragged(one), new WeightedScores(0.1));
                    one.step(STEP);
                }
            }
            assertThat(hash(policy)).isEqualTo(hash(other));
        }
    }

    @Test
    void aStepWhoseNormIsNotFiniteAppliesNothing() {
        String before = hash(policy);
        policy.accumulate(TinyRows.ragged(policy), DjlTrainablePolicyTest::broken);
        assertThat(policy.step(STEP)).isNaN();
        assertThat(hash(policy)).isEqualTo(before);
        policy.accumulate(TinyRows.ragged(policy), new WeightedScores(0));
        assertThat(policy.step(STEP)).isFinite();
    }

    private static TokenGradients broken(List<TokenScores> scores) {
        TokenGradients gradients = new WeightedScores(0).gradients(scores);
        gradients.byLogProb().getFirst()[0] = Float.NaN;
        return gradients;
    }

    @Test
    void aStepWithoutGradientsIsRefused() {
        assertThatThrownBy(() -> policy.step(STEP)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theReferenceStaysWhileTheTargetLearns() {
        List<TrainingRow> rows = TinyRows.ragged(policy);
        assertThatThrownBy(() -> policy.score(rows, ParameterSet.REFERENCE)).isInstanceOf(IllegalStateException.class);
        policy.freezeReference();
        List<TokenScores> before = policy.score(rows, ParameterSet.REFERENCE);
        policy.accumulate(rows, new WeightedScores(0));
        policy.step(STEP);
        assertEqual(policy.score(rows, ParameterSet.REFERENCE), before);
        assertThat(sum(policy.score(rows, ParameterSet.TARGET))).isNotEqualTo(sum(before));
        policy.freezeReference();
        assertClose(policy.score(rows, ParameterSet.REFERENCE), policy.score(rows, ParameterSet.TARGET));
    }

    @Test
    void aFrozenVisionTowerStaysAsItIs() throws IOException {
        try (DjlTrainablePolicy frozen =
                DjlTrainablePolicy.open(folder, TrainingOptions.DEFAULT.withVisionFrozen(true))) {
            WeightsSnapshot before = frozen.snapshot(PolicyVersion.BASE);
            frozen.accumulate(TinyRows.ragged(frozen), new WeightedScores(0));
            frozen.step(STEP);
            WeightsSnapshot after = frozen.snapshot(PolicyVersion.BASE);
            for (int i = 0; i < before.tensors().size(); i++) {
                String name = before.tensors().get(i).name();
                boolean changed =
                        !before.tensors().get(i).equals(after.tensors().get(i));
                assertThat(changed).as(name).isEqualTo(!name.startsWith("visual."));
            }
        }
    }

    @Test
    void trainingGoesOnFromASaveBitByBit() throws IOException {
        List<TrainingRow> rows = TinyRows.ragged(policy);
        policy.accumulate(rows, new WeightedScores(0.1));
        policy.step(STEP);
        policy.save(checkpoint);
        String saved = hash(policy);
        policy.accumulate(rows, new WeightedScores(0.1));
        policy.step(STEP);
        String continued = hash(policy);
        try (DjlTrainablePolicy other = reopened()) {
            other.accumulate(rows, new WeightedScores(0.3)); // must be forgotten
            other.load(checkpoint);
            assertThat(hash(other)).isEqualTo(saved);
            other.accumulate(rows, new WeightedScores(0.1));
            other.step(STEP);
            assertThat(hash(other)).isEqualTo(continued);
        }
    }

    @Test
    void aSavedModelIsAModel() throws IOException {
        policy.save(checkpoint);
        try (DjlTrainablePolicy saved = DjlTrainablePolicy.open(checkpoint.resolve("model"), TrainingOptions.DEFAULT)) {
            assertThat(hash(saved)).isEqualTo(hash(policy));
        }
    }

    @Test
    void aDamagedSaveChangesNothing() throws IOException {
        policy.accumulate(TinyRows.ragged(policy), new WeightedScores(0));
        policy.step(STEP);
        policy.save(checkpoint);
        Path optimizer = checkpoint.resolve("optimizer.safetensors");
        SafetensorsFile.write(
                optimizer,
                SafetensorsFile.read(optimizer).tensors().stream()
                        .filter(tensor -> !tensor.name().equals("second_moment.model.norm.weight"))
                        .toList(),
                Map.of());
        try (DjlTrainablePolicy other = reopened()) {
            String before = hash(other);
            assertThatThrownBy(() -> other.load(checkpoint))
                    .isInstanceOf(InvalidModelException.class)
                    .hasMessageContaining("optimizer.safetensors")
                    .hasMessageContaining("second_moment.model.norm.weight");
            Files.delete(optimizer);
            assertThatThrownBy(() -> other.load(checkpoint)).isInstanceOf(IOException.class);
            assertThat(hash(other)).isEqualTo(before);
        }
    }

    @Test
    void placeholdersThatDoNotMatchThePicturesAreRejectedWithBothNumbers() {
        TrainingRow good = TinyRows.ragged(policy).getFirst(); // 16 x 16 pixels: 2 x 2 visual tokens
        TrainingRow bad = new TrainingRow(good.prefix(), List.of(TinyModel.picture(24, 16, 1)), good.continuations());
        assertThatThrownBy(() -> policy.score(List.of(bad), ParameterSet.TARGET))
                .isInstanceOf(PromptRejectedException.class)
                .hasMessageContaining("4")
                .hasMessageContaining("6");
    }

    @Test
    void aSequenceBeyondTheModelsPositionsIsRejectedWithBothNumbers() {
        TrainingRow bad = new TrainingRow(TokenIds.of(1), List.of(), List.of(TokenIds.of(new int[512])));
        assertThatThrownBy(() -> policy.score(List.of(bad), ParameterSet.TARGET))
                .isInstanceOf(PromptRejectedException.class)
                .hasMessageContaining("513 tokens")
                .hasMessageContaining("512");
    }

    @Test
    void anObjectiveWithTooFewGradientsIsRefused() {
        assertThatThrownBy(() -> policy.accumulate(
                        TinyRows.ragged(policy), scores -> new TokenGradients(0, List.of(), List.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 continuations of 8");
    }

    @Test
    void entropiesAreThoseOfTheDistribution() {
        TrainingRow row = TinyRows.row(policy, "Which?", List.of(), "a");
        List<TokenIds> every = new ArrayList<>();
        for (int id = 0; id < TinyModel.VOCABULARY; id++) {
            every.add(TokenIds.of(id));
        }
        List<TokenScores> scores =
                policy.score(List.of(new TrainingRow(row.prefix(), List.of(), every)), ParameterSet.TARGET);
        double total = 0;
        double entropy = 0;
        for (TokenScores score : scores) {
            double p = Math.exp(score.logProbs()[0]);
            total += p;
            entropy -= p * score.logProbs()[0];
        }
        assertThat(total).isCloseTo(1, within(1e-5));
        assertThat((double) scores.getFirst().entropies()[0]).isCloseTo(entropy, within(1e-4));
    }

    private static String hash(DjlTrainablePolicy policy) {
        return policy.snapshot(PolicyVersion.BASE).sha256();
    }

    private static double sum(List<TokenScores> scores) {
        double sum = 0;
        for (TokenScores score : scores) {
            for (float logProb : score.logProbs()) {
                sum += logProb;
            }
        }
        return sum;
    }

    private static double squares(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return sum;
    }

    private static void assertClose(List<TokenScores> actual, List<TokenScores> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            assertThat(actual.get(i).logProbs()).containsExactly(expected.get(i).logProbs(), within(ROUNDING));
            assertThat(actual.get(i).entropies())
                    .containsExactly(expected.get(i).entropies(), within(ROUNDING));
        }
    }

    private static void assertEqual(List<TokenScores> actual, List<TokenScores> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            assertThat(Arrays.equals(actual.get(i).logProbs(), expected.get(i).logProbs()))
                    .isTrue();
        }
    }
}
