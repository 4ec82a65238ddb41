package io.railhead.learner.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.railhead.learner.objective.surrogate.Aipo;
import io.railhead.learner.objective.surrogate.Cispo;
import io.railhead.learner.objective.surrogate.Divergence;
import io.railhead.learner.objective.surrogate.Dppo;
import io.railhead.learner.objective.surrogate.Gmpo;
import io.railhead.learner.objective.surrogate.Gspo;
import io.railhead.learner.objective.surrogate.PrimeRl;
import io.railhead.learner.objective.surrogate.RatioClip;
import io.railhead.learner.objective.surrogate.Reinforce;
import io.railhead.learner.objective.surrogate.Sapo;
import io.railhead.learner.objective.surrogate.Topr;
import io.railhead.policy.TokenGradients;
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
    void objectivesAgainstTheProximalPolicyEqualPublishedOnes() {
        Aggregation sequences = Aggregation.SEQ_MEAN_TOKEN_MEAN;
        assertGolden("gspo", objective(new Gspo(0.2, 0.28), NO_WEIGHT, sequences));
        assertGolden("gspo small bounds", objective(new Gspo(3e-4, 4e-4), NO_WEIGHT, sequences));
        assertGolden("gmpo", objective(new Gmpo(0.4, 0.4), NO_WEIGHT, sequences));
        assertGolden("sapo", objective(new Sapo(1, 1.05), NO_WEIGHT, sequences));
        assertGolden("cispo", tokenMean(new Cispo(0.2, 0.28), NO_WEIGHT));
        assertGolden("dppo-tv", tokenMean(new Dppo(Divergence.TOTAL_VARIATION, 0.2, 0.2), NO_WEIGHT));
        assertGolden("dppo-kl", tokenMean(new Dppo(Divergence.KL, 0.05, 0.05), NO_WEIGHT));
        assertGolden("kimi-k1-5", of(new Reinforce(), 0.05));
        assertGolden("dro", of(new Reinforce(), 0.05));
    }

    @Test
    void objectivesAgainstTheBehaviourPolicyEqualPublishedOnes() {
        List<SequenceTarget> targets = golden.targets(null, "/batch/behaviour", null);
        assertGolden("prime-rl", of(new PrimeRl(0.2, 0.2, false), 1e-3), targets);
        assertGolden("prime-rl-ipo", of(new PrimeRl(0.1, 0.1, true), 1e-3), targets);
        assertGolden("aipo", of(new Aipo(2), 0), targets);
        assertGolden("pipeline-rl", of(new Aipo(1.02), 0), targets);
        assertGolden("topr", of(new Topr(), 0), targets);
    }

    @Test
    void geometricMaskEqualsPublishedOne() {
        PolicyObjective objective = corrected(
                new Correction(new BehaviourWeight.Masked(0, 1.2), WeightLevel.GEOMETRIC, false, Rejection.NONE));
        assertGolden("decoupled geometric masked at 1.2", objective);
        assertThat(measured(objective).leftOutFraction(Rule.BEHAVIOUR_WEIGHT)).isCloseTo(0.538462, GOLDEN);
    }

    @Test
    void unbiasedKlEqualsPublishedOne() {
        Surrogate nothing = (TokenSurrogate) (target, proximal, advantage) -> new Term(0, 0);
        assertGolden(
                "unbiased kl",
                new PolicyObjective(nothing, NO_WEIGHT, KlEstimator.UNBIASED, 1, 0, Aggregation.TOKEN_MEAN, 0),
                golden.targets("/batch/proximal", "/batch/behaviour", "/batch/reference"));
    }

    @Test
    void anObjectiveMustSayOneTermAToken() {
        PolicyObjective objective = of(_ -> new Term[1], 0);
        assertThatThrownBy(() -> measured(objective))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("1 terms for 4 tokens");
    }

    private static PolicyObjective corrected(Correction correction) {
        return new PolicyObjective(
                RatioClip.of(0.2, 0.2),
                correction,
                KlEstimator.K3,
                0,
                0,
                0,
                Aggregation.TOKEN_MEAN,
                0,
                Proximal.RECOMPUTED);
    }

    private ObjectiveMeasurements measured(PolicyObjective objective) {
        ObjectiveMeasurements measured = new ObjectiveMeasurements();
        List<SequenceTarget> targets = objective.chosen(golden.targets());
        objective.on(targets, objective.shape(targets), measured).gradients(golden.scores());
        return measured;
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
                Term term = kl.term(golden.rows("/batch/target")[i][t], golden.rows("/batch/reference")[i][t], 0);
                assertThat(term.value()).isCloseTo(golden.rows(values)[i][t], GOLDEN);
                assertThat(term.slope()).isCloseTo(slopes == null ? 1 : golden.rows(slopes)[i][t], GOLDEN);
            }
        }
    }

    private void assertGolden(String name, PolicyObjective objective) {
        assertGolden(name, objective, golden.targets());
    }

    private void assertGolden(String name, PolicyObjective objective, List<SequenceTarget> given) {
        List<SequenceTarget> targets = objective.chosen(given);
        TokenGradients actual = objective
                .on(targets, objective.shape(targets), new ObjectiveMeasurements())
                .gradients(golden.scores());
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

    private static PolicyObjective of(Surrogate surrogate, double drift) {
        return new PolicyObjective(
                surrogate, Correction.NONE, KlEstimator.K3, 0, drift, 0, Aggregation.TOKEN_MEAN, 0, Proximal.BEHAVIOUR);
    }

    private static PolicyObjective tokenMean(Surrogate clip, BehaviourWeight weight) {
        return objective(clip, weight, Aggregation.TOKEN_MEAN);
    }

    private static PolicyObjective objective(Surrogate clip, BehaviourWeight weight, Aggregation aggregation) {
        return new PolicyObjective(clip, weight, KlEstimator.K3, 0, 0, aggregation, 0);
    }
}
