package io.railhead.learner.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.railhead.policy.TokenGradients;
import io.railhead.policy.TokenScores;
import java.util.List;
import java.util.Locale;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Losses and gradients against published implementations, which computed them in double precision; ours takes
/// log-probabilities in single precision, hence the tolerance.
class PolicyObjectiveTest {
    private static final Offset<Double> GOLDEN = within(2e-6);
    private static final BehaviourWeight NO_WEIGHT = new BehaviourWeight.None();
    private static final RatioClip DAPO = new RatioClip(0.2, 0.28, 3);

    private final GoldenBatch golden = GoldenBatch.load();

    @ParameterizedTest
    @EnumSource
    void clippedLossEqualsPublishedOneInEveryAggregation(Aggregation aggregation) {
        String name = aggregation.name().toLowerCase(Locale.ROOT).replace('_', '-');
        assertGolden("clip " + name, objective(DAPO, NO_WEIGHT, aggregation));
    }

    @Test
    void dualClipEqualsPublishedOne() {
        assertGolden("dual clip", tokenMean(new RatioClip(0.2, 0.28, 1.5), NO_WEIGHT));
    }

    @Test
    void behaviourWeightsEqualPublishedOnes() {
        RatioClip clip = RatioClip.of(0.2, 0.2);
        assertGolden("clip with truncated weight", tokenMean(DAPO, new BehaviourWeight.Truncated(2)));
        assertGolden("decoupled without weight", tokenMean(clip, NO_WEIGHT));
        assertGolden("decoupled masked at 5", tokenMean(clip, new BehaviourWeight.Masked(0, 5)));
        assertGolden("decoupled masked at 2", tokenMean(clip, new BehaviourWeight.Masked(0, 2)));
        assertGolden("decoupled clamped at 2", tokenMean(clip, new BehaviourWeight.Truncated(2)));
        assertGolden(
                "decoupled masked at 5 with dual clip 3",
                tokenMean(new RatioClip(0.2, 0.2, 3), new BehaviourWeight.Masked(0, 5)));
    }

    @Test
    void effectiveSampleFractionEqualsPublishedOne() {
        assertThat(effectiveSamples(new BehaviourWeight.Truncated(2)))
                .isCloseTo(golden.number("/behaviour-weights/truncated/ess"), GOLDEN);
        assertThat(effectiveSamples(new BehaviourWeight.Masked(0.5, 2)))
                .isCloseTo(golden.number("/behaviour-weights/masked/ess"), GOLDEN);
    }

    @Test
    void klEstimatorsEqualPublishedOnes() {
        assertKl(KlEstimator.K1, "/kl/k1", null);
        assertKl(KlEstimator.K2, "/kl/k2", "/kl/k3-plus-slope");
        assertKl(KlEstimator.K3, "/kl/k3", "/kl/k3-slope");
        assertKl(KlEstimator.K3_PLUS, "/kl/k3", "/kl/k3-plus-slope");
    }

    @Test
    void measuresWhatItSaw() {
        ObjectiveMeasurements measured = new ObjectiveMeasurements();
        List<SequenceTarget> targets = golden.targets("/batch/proximal", "/batch/behaviour", "/batch/reference");
        tokenMean(DAPO, NO_WEIGHT).on(targets, BatchShape.of(targets), measured).gradients(golden.scores());
        // Ratios above 1.28 with A > 0: row 0 token 3 (exp 0.5); row 2 token 0 has exp 0.05. Below 0.8 with A < 0: row
        // 1
        // tokens 0 and 2 (exp -0.3, exp -0.4).
        assertThat(measured.tokens()).isEqualTo(13);
        assertThat(measured.clipFractionHigh()).isCloseTo(1 / 13.0, GOLDEN);
        assertThat(measured.clipFractionLow()).isCloseTo(2 / 13.0, GOLDEN);
        assertThat(measured.clipFractionDual()).isZero();
        assertThat(measured.referenceKl()).isCloseTo(golden.number("/kl/k3-plus-sum") / 13, GOLDEN);
        assertThat(measured.policyLoss()).isCloseTo(0.13892662, GOLDEN);
        assertThat(measured.notFinite()).isZero();
    }

    private double effectiveSamples(BehaviourWeight weight) {
        ObjectiveMeasurements measured = new ObjectiveMeasurements();
        List<SequenceTarget> targets = golden.targets();
        tokenMean(DAPO, weight).on(targets, BatchShape.of(targets), measured).gradients(golden.scores());
        return measured.effectiveSampleFraction();
    }

    private void assertKl(KlEstimator kl, String values, @Nullable String slopes) {
        for (int i = 0; i < 4; i++) {
            for (int t = 0; t < 4; t++) {
                if (golden.rows("/batch/mask")[i][t] == 0) {
                    continue;
                }
                Term term = kl.term(golden.rows("/batch/target")[i][t], golden.rows("/batch/reference")[i][t]);
                assertThat(term.value()).isCloseTo(golden.rows(values)[i][t], GOLDEN);
                assertThat(term.slope()).isCloseTo(slopes == null ? 1 : golden.rows(slopes)[i][t], GOLDEN);
            }
        }
    }

    private void assertGolden(String name, PolicyObjective objective) {
        List<SequenceTarget> targets = golden.targets();
        List<TokenScores> scores = golden.scores();
        TokenGradients actual = objective
                .on(targets, BatchShape.of(targets), new ObjectiveMeasurements())
                .gradients(scores);
        assertThat(actual.loss()).as(name).isCloseTo(golden.number("/losses/" + name + "/loss"), GOLDEN);
        double[][] slopes = golden.rows("/losses/" + name + "/slopes");
        for (int i = 0; i < slopes.length; i++) {
            for (int t = 0; t < slopes[i].length; t++) {
                assertThat((double) actual.byLogProb().get(i)[t])
                        .as("%s: slope at %d, %d", name, i, t)
                        .isCloseTo(slopes[i][t], GOLDEN);
            }
            assertThat(actual.byEntropy().get(i)).containsOnly(0);
        }
    }

    private static PolicyObjective tokenMean(RatioClip clip, BehaviourWeight weight) {
        return objective(clip, weight, Aggregation.TOKEN_MEAN);
    }

    private static PolicyObjective objective(RatioClip clip, BehaviourWeight weight, Aggregation aggregation) {
        return new PolicyObjective(clip, weight, KlEstimator.K3, 0, 0, aggregation, 0);
    }
}
