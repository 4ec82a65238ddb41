package io.railhead.learner.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.railhead.learner.objective.surrogate.RatioClip;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Weights and rules against published implementations.
class CorrectionTest {
    private static final Offset<Double> GOLDEN = within(2e-6);
    private static final BehaviourWeight NO_WEIGHT = new BehaviourWeight.None();

    private final GoldenBatch golden = GoldenBatch.load();

    @Test
    void weightsEqualPublishedOnes() {
        BehaviourWeight truncated = new BehaviourWeight.Truncated(2);
        assertFactors("truncated", new Correction(truncated, WeightLevel.TOKEN, false, Rejection.NONE));
        assertFactors("truncated normalised", new Correction(truncated, WeightLevel.TOKEN, true, Rejection.NONE));
        assertFactors("sequence truncated", new Correction(truncated, WeightLevel.SEQUENCE, false, Rejection.NONE));
        assertFactors("masked", Correction.of(new BehaviourWeight.Masked(0.5, 2)));
    }

    @Test
    void rejectionsEqualPublishedOnes() {
        assertKept("token", new Rejection(new Bounds(0.5, 2), Bounds.NONE, Bounds.NONE, 0, 0, Integer.MAX_VALUE));
        assertKept("sequence", new Rejection(Bounds.NONE, new Bounds(0.5, 2), Bounds.NONE, 0, 0, Integer.MAX_VALUE));
        assertKept(
                "geometric",
                new Rejection(Bounds.NONE, Bounds.NONE, new Bounds(1 / 1.1, 1 / 0.9), 0, 0, Integer.MAX_VALUE));
        assertKept("negative-drift", new Rejection(Bounds.NONE, Bounds.NONE, Bounds.NONE, 0, 1e-4, Integer.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.04", "0.01"})
    void secondMomentEqualsPublishedOne(String bound) {
        boolean[][] leftOut = SecondMoment.leftOut(golden.targets(), Double.parseDouble(bound));
        double[][] kept = golden.rows("/kept/second-moment " + bound);
        forEachCounted((i, t) -> assertThat(leftOut[i][t]).isEqualTo(kept[i][t] == 0));
    }

    @Test
    void stalerTokensAreLeftOut() {
        CountedTokens tokens = new CountedTokens(
                1, new double[] {-1, -1, -1}, new double[] {-1, -1, -1}, new double[] {-1, -1, -1}, new int[] {0, 1, 2
                });
        Rejection rejection = new Rejection(Bounds.NONE, Bounds.NONE, Bounds.NONE, 0, 0, 1);
        assertThat(rejection.rules(tokens)).containsExactly(null, null, Rule.STALENESS);
    }

    @Test
    void effectiveShareOfResponsesEqualsPublishedOne() {
        double share = EffectiveSamples.ofSequences(golden.targets());
        assertThat(share).isCloseTo(golden.number("/sequence-weights/effective-share"), GOLDEN);
        assertThat(Math.sqrt(share)).isCloseTo(golden.number("/sequence-weights/rate-scale"), GOLDEN);
        assertThat(EffectiveSamples.ofSequences(List.of())).isEqualTo(1);
    }

    @Test
    void logLinearProximalPolicyMovesFromTheBehaviourPolicyToTheTargetPolicyWithStaleness() {
        assertThat(Proximal.interpolated(-2, -1, 0)).isEqualTo(-2);
        assertThat(Proximal.interpolated(-2, -1, 1)).isEqualTo(-1.5);
        assertThat(Proximal.interpolated(-2, -1, 3)).isEqualTo(-1.25);
    }

    @Test
    void whatIsLeftOutIsMeasuredByRule() {
        PolicyObjective objective = new PolicyObjective(
                RatioClip.of(0.2, 0.2),
                new Correction(
                        NO_WEIGHT,
                        WeightLevel.TOKEN,
                        false,
                        new Rejection(Bounds.NONE, new Bounds(0.5, 5), Bounds.NONE, 0.01, 0, Integer.MAX_VALUE)),
                KlEstimator.K3,
                0,
                0,
                0,
                Aggregation.TOKEN_MEAN,
                0,
                Proximal.RECOMPUTED);
        ObjectiveMeasurements measured = new ObjectiveMeasurements();
        List<SequenceTarget> targets = objective.chosen(golden.targets());
        objective.on(targets, objective.shape(targets), measured).gradients(golden.scores());
        // The first response's product is 0.29; of the others, the second and the last have a token of large
        // log-weight.
        assertThat(measured.leftOutFraction(Rule.SEQUENCE)).isCloseTo(4 / 13.0, GOLDEN);
        assertThat(measured.leftOutFraction(Rule.SECOND_MOMENT)).isCloseTo(2 / 13.0, GOLDEN);
        assertThat(measured.leftOutFraction(Rule.TOKEN)).isZero();
    }

    private void assertFactors(String name, Correction correction) {
        double mean = correction.meanWeight(golden.targets());
        double[][] expected = golden.rows("/factors/" + name + "/w");
        double sum = 0;
        double squares = 0;
        int tokens = 0;
        for (int i = 0; i < 4; i++) {
            CountedTokens response = golden.targets().get(i).beforeTheStep();
            double[] factors =
                    correction.of(response, new boolean[response.size()], mean).factors();
            for (int t = 0; t < factors.length; t++) {
                assertThat(factors[t]).as("%s: %d, %d", name, i, t).isCloseTo(expected[i][t], GOLDEN);
                sum += factors[t];
                squares += factors[t] * factors[t];
                tokens++;
            }
        }
        assertThat(sum * sum / (tokens * squares)).isCloseTo(golden.number("/factors/" + name + "/ess"), GOLDEN);
    }

    private void assertKept(String name, Rejection rejection) {
        double[][] kept = golden.rows("/kept/" + name);
        for (int i = 0; i < 4; i++) {
            SequenceTarget target = golden.targets().get(i);
            CountedTokens before = target.beforeTheStep();
            double[] now = new double[before.size()];
            for (int t = 0; t < now.length; t++) {
                now[t] = golden.scores().get(i).logProbs()[t];
            }
            CountedTokens tokens = new CountedTokens(
                    target.advantage(), now, before.proximal(), before.behaviour(), before.staleness());
            for (int t = 0; t < tokens.size(); t++) {
                assertThat(rejection.rules(tokens)[t] == null)
                        .as("%s: %d, %d", name, i, t)
                        .isEqualTo(kept[i][t] == 1);
            }
        }
    }

    private interface Place {
        void at(int sequence, int token);
    }

    private void forEachCounted(Place place) {
        for (int i = 0; i < 4; i++) {
            for (int t = 0; t < 4; t++) {
                if (golden.rows("/batch/mask")[i][t] == 1) {
                    place.at(i, t);
                }
            }
        }
    }
}
