package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.railhead.policy.GenerationRequest;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TokenIds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The sampling operators against a slow twin in plain Java.
class TokenSamplerTest {
    private static final int VOCABULARY = 23;

    private final TensorScope scope = TensorScope.ofThisThread();
    private final Random random = new Random(4);

    @Test
    void tokensAndLogProbsAreThoseOfTheSlowTwin() {
        List<SamplingParams> all = List.of(
                new SamplingParams(1, 1, 1, 0),
                new SamplingParams(1, 0.3, 1, 0),
                new SamplingParams(1, 2.5, 1, 5),
                new SamplingParams(1, 1, 0.6, 0),
                new SamplingParams(1, 0.7, 0.8, 4),
                new SamplingParams(1, 1.5, 0.01, 0),
                new SamplingParams(1, 1, 1, 1),
                SamplingParams.greedy(1));
        for (int round = 0; round < 40; round++) {
            float[] logits = new float[all.size() * VOCABULARY];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = (float) (random.nextInt(12) * 0.5 - 3); // with ties
            }
            List<Sequence> sequences = sequences(all, round);
            List<Sequence> twins = sequences(all, round);
            TokenSampler.append(scope, scope.floats(logits, all.size(), VOCABULARY), sequences, PolicyVersion.BASE);
            for (int row = 0; row < all.size(); row++) {
                double[] rowLogits = new double[VOCABULARY];
                for (int i = 0; i < VOCABULARY; i++) {
                    rowLogits[i] = logits[row * VOCABULARY + i];
                }
                Drawn expected = draw(rowLogits, all.get(row), twins.get(row).nextUniform());
                SampledTokens actual = sequences.get(row).sampled();
                assertThat(actual.ids()).as("%s", all.get(row)).isEqualTo(TokenIds.of(expected.id()));
                assertThat((double) actual.behaviourLogProb(0)).isCloseTo(expected.logProb(), within(1e-5));
            }
        }
    }

    @Test
    void logitsThatAreNotFiniteAreAnErrorThatNamesTheRequest() {
        float[] logits = new float[VOCABULARY];
        logits[3] = Float.NaN;
        assertThatThrownBy(() -> TokenSampler.append(
                        scope,
                        scope.floats(logits, 1, VOCABULARY),
                        sequences(List.of(SamplingParams.plain(1, 1)), 0),
                        PolicyVersion.BASE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("request r");
    }

    private static List<Sequence> sequences(List<SamplingParams> all, long seed) {
        List<Sequence> sequences = new ArrayList<>();
        for (SamplingParams sampling : all) {
            Prompt prompt = new Prompt("p", "", List.of());
            GenerationRequest request = new GenerationRequest("r", prompt, List.of(0), sampling, seed);
            PromptLayout layout =
                    new PromptLayout(TokenIds.of(1), List.of(), new int[][] {{0}, {0}, {0}}, 1, new int[] {-1});
            sequences.add(new Sequence(request, layout, sequences.size(), new int[1]));
        }
        return sequences;
    }

    private record Drawn(int id, double logProb) {}

    private static Drawn draw(double[] logits, SamplingParams params, double uniform) {
        List<Integer> byRank = IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble(id -> -logits[id]))
                .toList();
        if (params.temperature() == 0) {
            double[] p = probabilities(logits, byRank, 1);
            return new Drawn(byRank.getFirst(), Math.log(p[byRank.getFirst()]));
        }
        List<Integer> kept = params.topK() == 0 ? byRank : byRank.subList(0, Math.min(params.topK(), byRank.size()));
        double[] p = probabilities(logits, kept, params.temperature());
        double reached = 0;
        int count = 0;
        while (count < kept.size() && (params.topP() == 1 || reached < params.topP())) {
            reached += p[kept.get(count++)];
        }
        p = probabilities(logits, kept.subList(0, count), params.temperature());
        double cumulative = 0;
        for (int id = 0; id < p.length; id++) {
            cumulative += p[id];
            if (cumulative > uniform) {
                return new Drawn(id, Math.log(p[id]));
            }
        }
        throw new AssertionError("probabilities end at " + cumulative + " before " + uniform);
    }

    private static double[] probabilities(double[] logits, List<Integer> kept, double temperature) {
        double[] p = new double[logits.length];
        double total = 0;
        for (int id : kept) {
            p[id] = Math.exp(logits[id] / temperature);
            total += p[id];
        }
        for (int id : kept) {
            p[id] /= total;
        }
        return p;
    }
}
