package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.ComputeType;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.Golden;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.PolicyConfig;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TokenIds;
import io.railhead.policy.TrainingRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The network against transformers: a random model with every bias and norm in play, prompts with no, one, two and
/// three pictures of odd sizes, windows that do not divide them.
class GoldenLogitsTest {
    private static final float TOLERANCE = 1e-4f;
    private static final int LAST_POSITIONS = 8;

    static List<Golden.Case> cases() throws IOException {
        return Golden.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void logitsEqualThoseOfTransformers(Golden.Case expected) throws IOException {
        ModelDirectory model = Golden.model();
        PolicyConfig config = model.config();
        // One token more, so that the last real token too predicts something.
        TrainingRow row = split(expected, expected.inputIds().plus(TokenIds.of(0)));
        try (TensorScope scope = TestDevice.scope()) {
            PolicyNetwork network = new PolicyNetwork(config, scope);
            Weights weights = Weights.of(config, model.weights(), ComputeType.FLOAT32, scope);
            RowBatch batch = RowBatch.of(List.of(row), config, model.imageProcessor()::patches);
            NDArray hidden = TrainingPass.hidden(scope, network, weights, batch);
            float[] logits = network.logits(scope, weights, hidden, scope.indices(batch.predictors()))
                    .toFloatArray();
            int wanted = LAST_POSITIONS * config.text().vocabSize();
            assertThat(Arrays.copyOfRange(logits, logits.length - wanted, logits.length))
                    .containsExactly(Golden.floats("logits." + expected.name()), Offset.offset(TOLERANCE));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void logProbsEqualThoseOfTransformers(Golden.Case expected) throws IOException {
        TrainingRow row = split(expected, expected.inputIds());
        double[] all = expected.logProbs();
        double[] wanted = Arrays.copyOfRange(all, row.prefix().size() - 1, all.length);
        try (var policy = DjlTrainablePolicy.open(Golden.model().path(), TestDevice.training())) {
            float[] logProbs =
                    policy.score(List.of(row), ParameterSet.TARGET).getFirst().logProbs();
            assertThat(doubles(logProbs)).containsExactly(wanted, within((double) TOLERANCE));
        }
    }

    @Test
    void greedyTokensOfAllPromptsTogetherEqualThoseOfTransformers() throws IOException {
        List<FinishedSequence> finished = new ArrayList<>();
        try (var engine = DjlGenerationEngine.open(
                Golden.model().path(), PolicyVersion.BASE, TestDevice.engine(EngineLimits.of(4, 256)))) {
            for (Golden.Case expected : cases()) {
                Prompt prompt = expected.prompt();
                int tokens = expected.greedy().size();
                engine.submit(new GenerationRequest(prompt.id(), prompt, List.of(0), SamplingParams.greedy(tokens), 1));
            }
            while (engine.pending() > 0) {
                finished.addAll(engine.step());
            }
        }
        for (Golden.Case expected : cases()) {
            FinishedSequence found = finished.stream()
                    .filter(sequence -> sequence.requestId().equals(expected.name()))
                    .findAny()
                    .orElseThrow();
            assertThat(found.promptTokens()).as(expected.name()).isEqualTo(expected.inputIds());
            assertThat(found.response().ids()).as(expected.name()).isEqualTo(expected.greedy());
        }
    }

    /// The prefix ends behind the last picture, or after the first token.
    private static TrainingRow split(Golden.Case expected, TokenIds tokens) throws IOException {
        int placeholder = Golden.model().config().imageTokenId();
        int end = 1;
        for (int i = 0; i < tokens.size(); i++) {
            end = tokens.get(i) == placeholder ? i + 1 : end;
        }
        int[] ids = tokens.toArray();
        return new TrainingRow(
                TokenIds.of(Arrays.copyOf(ids, end)),
                expected.prompt().images(),
                List.of(TokenIds.of(Arrays.copyOfRange(ids, end, ids.length))));
    }

    private static double[] doubles(float[] floats) {
        double[] doubles = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            doubles[i] = floats[i];
        }
        return doubles;
    }
}
