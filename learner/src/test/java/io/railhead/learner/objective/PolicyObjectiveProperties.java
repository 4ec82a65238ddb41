package io.railhead.learner.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.railhead.learner.objective.surrogate.RatioClip;
import io.railhead.policy.TokenGradients;
import io.railhead.policy.TokenScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.data.Offset;

/// The laws of the objective. Log-probabilities lie on a grid of 1/8, which keeps them away from the kinks at the
/// clip bounds and makes a step of 1/1024 exact in single precision.
class PolicyObjectiveProperties {
    private static final float STEP = 1f / 1024;

    /// One continuation with the scores that a pass would give it.
    record Sample(TokenScores scores, SequenceTarget target) {}

    @Property(tries = 300)
    void gradientsEqualFiniteDifferences(
            @ForAll("objectives") PolicyObjective objective, @ForAll("batches") List<Sample> batch) {
        TokenGradients exact = evaluate(objective, batch, shape(batch));
        for (int i = 0; i < batch.size(); i++) {
            for (int t = 0; t < batch.get(i).target().size(); t++) {
                double logProbSlope = slope(objective, batch, i, t, true);
                double entropySlope = slope(objective, batch, i, t, false);
                assertThat((double) exact.byLogProb().get(i)[t]).isCloseTo(logProbSlope, tolerance(logProbSlope));
                assertThat((double) exact.byEntropy().get(i)[t]).isCloseTo(entropySlope, tolerance(entropySlope));
            }
        }
    }

    @Property
    void onPolicyEveryRatioIsOneAndTheGradientIsThatOfThePolicyGradient(@ForAll("batches") List<Sample> batch) {
        PolicyObjective objective = new PolicyObjective(
                RatioClip.of(0.2, 0.2),
                new BehaviourWeight.Truncated(2),
                KlEstimator.K3,
                0,
                0,
                Aggregation.TOKEN_MEAN,
                0);
        List<Sample> onPolicy = batch.stream()
                .map(s -> new Sample(
                        s.scores(),
                        new SequenceTarget(
                                s.target().advantage(),
                                s.scores().logProbs(),
                                s.scores().logProbs(),
                                null,
                                s.target().lossMask())))
                .toList();
        BatchShape shape = shape(onPolicy);
        ObjectiveMeasurements measured = new ObjectiveMeasurements();
        TokenGradients actual = objective.on(targets(onPolicy), shape, measured).gradients(scores(onPolicy));
        for (int i = 0; i < onPolicy.size(); i++) {
            SequenceTarget target = onPolicy.get(i).target();
            for (int t = 0; t < target.size(); t++) {
                double expected = target.lossMask()[t] ? -target.advantage() / shape.tokens() : 0;
                assertThat((double) actual.byLogProb().get(i)[t]).isCloseTo(expected, within(1e-6));
            }
        }
        if (shape.tokens() > 0) {
            assertThat(measured.meanRatio()).isEqualTo(1);
            assertThat(measured.mismatchKl()).isZero();
            assertThat(measured.effectiveSampleFraction()).isCloseTo(1, within(1e-12));
        }
    }

    @Property
    void microbatchSplitChangesNothing(
            @ForAll("compositions") PolicyObjective objective, @ForAll("batches") List<Sample> batch) {
        BatchShape shape = shape(batch);
        TokenGradients whole = evaluate(objective, batch, shape);
        double loss = 0;
        for (int i = 0; i < batch.size(); i++) {
            TokenGradients part = evaluate(objective, batch.subList(i, i + 1), shape);
            loss += part.loss();
            assertThat(part.byLogProb().getFirst())
                    .containsExactly(whole.byLogProb().get(i));
            assertThat(part.byEntropy().getFirst())
                    .containsExactly(whole.byEntropy().get(i));
        }
        assertThat(loss).isCloseTo(whole.loss(), tolerance(whole.loss()));
    }

    @Property
    void orderOfSequencesChangesNothing(
            @ForAll("compositions") PolicyObjective objective,
            @ForAll("batches") List<Sample> batch,
            @ForAll Random random) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, batch.size()).boxed().toList());
        Collections.shuffle(order, random);
        List<Sample> shuffled = order.stream().map(batch::get).toList();
        TokenGradients straight = evaluate(objective, batch, shape(batch));
        TokenGradients mixed = evaluate(objective, shuffled, shape(shuffled));
        assertThat(mixed.loss()).isCloseTo(straight.loss(), tolerance(straight.loss()));
        for (int i = 0; i < batch.size(); i++) {
            assertThat(mixed.byLogProb().get(i))
                    .containsExactly(straight.byLogProb().get(order.get(i)));
        }
    }

    @Property
    void paddingChangesNothing(
            @ForAll("compositions") PolicyObjective objective, @ForAll("batches") List<Sample> batch) {
        PolicyObjective fixedLength = new PolicyObjective(
                objective.surrogate(),
                objective.correction(),
                objective.kl(),
                objective.klCoefficient(),
                objective.driftCoefficient(),
                objective.entropyCoefficient(),
                objective.aggregation(),
                16, // the one aggregation that looks at the padded width is given a constant one
                objective.proximal());
        List<Sample> padded =
                batch.stream().map(PolicyObjectiveProperties::padded).toList();
        TokenGradients expected = evaluate(fixedLength, batch, shape(batch));
        TokenGradients actual = evaluate(fixedLength, padded, shape(padded));
        assertThat(actual.loss()).isEqualTo(expected.loss());
        for (int i = 0; i < batch.size(); i++) {
            float[] slopes = actual.byLogProb().get(i);
            assertThat(slopes).startsWith(expected.byLogProb().get(i));
            assertThat(slopes[slopes.length - 1]).isZero();
        }
    }

    @Property
    void allMaskedSequenceHasNoLossNoGradientAndNoShareInAnyDenominator(
            @ForAll("compositions") PolicyObjective objective, @ForAll("batches") List<Sample> batch) {
        Sample first = batch.getFirst();
        SequenceTarget target = first.target();
        Sample masked = new Sample(
                first.scores(),
                new SequenceTarget(
                        target.advantage(),
                        target.proximal(),
                        target.behaviour(),
                        target.reference(),
                        new boolean[target.size()]));
        List<Sample> with = new ArrayList<>(batch);
        with.add(masked);
        TokenGradients expected = evaluate(objective, batch, shape(batch));
        TokenGradients actual = evaluate(objective, with, shape(with));
        assertThat(actual.loss()).isEqualTo(expected.loss());
        assertThat(actual.byLogProb().getLast()).containsOnly(0);
        assertThat(actual.byEntropy().getLast()).containsOnly(0);
        assertThat(evaluate(objective, List.of(masked), shape(List.of(masked))).loss())
                .isZero();
    }

    @Property
    void groupWithoutVarianceHasNoPolicyGradient(@ForAll("batches") List<Sample> batch) {
        PolicyObjective objective = new PolicyObjective(
                RatioClip.of(0.2, 0.2), new BehaviourWeight.None(), KlEstimator.K3, 0, 0, Aggregation.TOKEN_MEAN, 0);
        List<Sample> flat = batch.stream()
                .map(s -> new Sample(
                        s.scores(),
                        new SequenceTarget(
                                Advantages.CENTRED.of(0.7, 0.7)[0],
                                s.target().proximal(),
                                s.target().behaviour(),
                                null,
                                s.target().lossMask())))
                .toList();
        TokenGradients actual = evaluate(objective, flat, shape(flat));
        assertThat(actual.loss()).isZero();
        actual.byLogProb().forEach(slopes -> assertThat(slopes).containsOnly(0));
    }

    @Property
    void logProbabilitiesThatAreNotFiniteTeachNothing(
            @ForAll("compositions") PolicyObjective objective,
            @ForAll("batches") List<Sample> batch,
            @ForAll("notFinite") float poison) {
        for (int where = 0; where < 5; where++) {
            List<Sample> poisoned = new ArrayList<>(batch);
            poisoned.set(0, poisoned(batch.getFirst(), where, poison));
            ObjectiveMeasurements measured = new ObjectiveMeasurements();
            TokenGradients actual =
                    objective.on(targets(poisoned), shape(poisoned), measured).gradients(scores(poisoned));
            assertThat(actual.loss()).isFinite();
            for (float[] slopes : actual.byLogProb()) {
                for (float slope : slopes) {
                    assertThat(slope).isFinite();
                }
            }
            assertThat(actual.byLogProb().getFirst()[0]).isZero();
            assertThat(measured.notFinite()).isEqualTo(batch.getFirst().target().lossMask()[0] ? 1 : 0);
        }
    }

    @Property
    void k3IsNeverNegativeAndEstimatorsVanishWhereThePoliciesAgree(@ForAll("grid") float a, @ForAll("grid") float b) {
        assertThat(KlEstimator.K3.term(a, b, 0).value()).isNotNegative();
        assertThat(KlEstimator.K2.term(a, b, 0).value()).isNotNegative();
        for (KlEstimator kl : KlEstimator.values()) {
            assertThat(kl.term(a, a, 0).value()).isZero();
        }
    }

    @Property
    void behaviourWeightIsBoundedByItsCap(@ForAll("grid") float a, @ForAll("grid") float b) {
        assertThat(new BehaviourWeight.Truncated(2).of(a - b)).isBetween(0.0, 2.0);
        assertThat(new BehaviourWeight.Masked(0.5, 5).of(a - b)).isBetween(0.0, 5.0);
        assertThat(new BehaviourWeight.None().of(a - b)).isEqualTo(1);
    }

    @Provide
    Arbitrary<Float> grid() {
        return Arbitraries.integers().between(-32, 0).map(i -> i / 8f);
    }

    @Provide
    Arbitrary<Float> notFinite() {
        return Arbitraries.of(Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
    }

    @Provide
    Arbitrary<PolicyObjective> objectives() {
        return Combinators.combine(
                        Arbitraries.of(RatioClip.of(0.2, 0.2), new RatioClip(0.2, 0.28, 3)),
                        Arbitraries.of(
                                new BehaviourWeight.None(),
                                new BehaviourWeight.Truncated(2),
                                new BehaviourWeight.Masked(0.5, 5)),
                        Arbitraries.of(KlEstimator.K1, KlEstimator.K2, KlEstimator.K3),
                        Arbitraries.of(0.0, 0.1),
                        Arbitraries.of(0.0, 0.01),
                        Arbitraries.of(Aggregation.values()))
                .as((clip, weight, kl, klCoefficient, entropyCoefficient, aggregation) ->
                        new PolicyObjective(clip, weight, kl, klCoefficient, entropyCoefficient, aggregation, 0));
    }

    /// Any objective with any correction. Second moments are left out: they are a matter of a whole minibatch.
    @Provide
    Arbitrary<PolicyObjective> compositions() {
        return Combinators.combine(
                        Arbitraries.of(SurrogateTwins.all()).map(SurrogateTwins.Case::surrogate),
                        Arbitraries.of(
                                new BehaviourWeight.None(),
                                new BehaviourWeight.Truncated(2),
                                new BehaviourWeight.Masked(0.5, 5)),
                        Arbitraries.of(WeightLevel.values()),
                        Arbitraries.of(
                                Rejection.NONE,
                                new Rejection(new Bounds(0.5, 2), new Bounds(0.1, 10), Bounds.NONE, 0, 0, 1),
                                new Rejection(Bounds.NONE, Bounds.NONE, new Bounds(0.8, 1.25), 0, 0.1, 0)),
                        Arbitraries.of(KlEstimator.values()),
                        Arbitraries.of(0.0, 0.1),
                        Arbitraries.of(Aggregation.values()),
                        Arbitraries.of(Proximal.values()))
                .as((surrogate, weight, level, rejection, kl, coefficient, aggregation, proximal) ->
                        new PolicyObjective(
                                surrogate,
                                new Correction(weight, level, false, rejection),
                                kl,
                                coefficient,
                                coefficient,
                                coefficient,
                                aggregation,
                                0,
                                proximal));
    }

    @Provide
    Arbitrary<List<Sample>> batches() {
        return samples().list().ofMinSize(1).ofMaxSize(5);
    }

    private Arbitrary<Sample> samples() {
        return Arbitraries.integers()
                .between(1, 5)
                .flatMap(size -> Combinators.combine(
                                grid().array(Float[].class).ofSize(size).list().ofSize(5),
                                Arbitraries.of(true, true, false)
                                        .array(Boolean[].class)
                                        .ofSize(size),
                                Arbitraries.integers().between(-8, 8),
                                Arbitraries.of(true, false))
                        .as((values, mask, advantage, recomputed) -> new Sample(
                                new TokenScores(floats(values.get(0)), positive(values.get(1))),
                                new SequenceTarget(
                                        advantage / 4.0,
                                        recomputed ? floats(values.get(2)) : null,
                                        floats(values.get(3)),
                                        floats(values.get(4)),
                                        booleans(mask)))));
    }

    private static double slope(PolicyObjective objective, List<Sample> batch, int i, int t, boolean logProb) {
        double above = evaluate(objective, moved(batch, i, t, STEP, logProb), shape(batch))
                .loss();
        double below = evaluate(objective, moved(batch, i, t, -STEP, logProb), shape(batch))
                .loss();
        return (above - below) / (2 * STEP);
    }

    private static List<Sample> moved(List<Sample> batch, int i, int t, float by, boolean logProb) {
        Sample sample = batch.get(i);
        float[] logProbs = sample.scores().logProbs().clone();
        float[] entropies = sample.scores().entropies().clone();
        (logProb ? logProbs : entropies)[t] += by;
        List<Sample> moved = new ArrayList<>(batch);
        moved.set(i, new Sample(new TokenScores(logProbs, entropies), sample.target()));
        return moved;
    }

    private static Sample padded(Sample sample) {
        SequenceTarget target = sample.target();
        float[] proximal = target.proximal();
        float[] reference = target.reference();
        return new Sample(
                new TokenScores(
                        longer(sample.scores().logProbs()),
                        longer(sample.scores().entropies())),
                new SequenceTarget(
                        target.advantage(),
                        proximal == null ? null : longer(proximal),
                        longer(target.behaviour()),
                        reference == null ? null : longer(reference),
                        Arrays.copyOf(target.lossMask(), target.size() + 1)));
    }

    private static float[] longer(float[] values) {
        float[] longer = Arrays.copyOf(values, values.length + 1);
        longer[values.length] = -0.5f;
        return longer;
    }

    private static Sample poisoned(Sample sample, int where, float poison) {
        SequenceTarget target = sample.target();
        float[][] arrays = {
            sample.scores().logProbs().clone(),
            sample.scores().entropies().clone(),
            target.proximal() == null
                    ? target.behaviour().clone()
                    : target.proximal().clone(),
            target.behaviour().clone(),
            target.reference() == null
                    ? new float[target.size()]
                    : target.reference().clone()
        };
        arrays[where][0] = poison;
        return new Sample(
                new TokenScores(arrays[0], arrays[1]),
                new SequenceTarget(target.advantage(), arrays[2], arrays[3], arrays[4], target.lossMask()));
    }

    private static TokenGradients evaluate(PolicyObjective objective, List<Sample> batch, BatchShape shape) {
        return objective.on(targets(batch), shape, new ObjectiveMeasurements()).gradients(scores(batch));
    }

    private static BatchShape shape(List<Sample> batch) {
        return BatchShape.of(targets(batch));
    }

    private static List<SequenceTarget> targets(List<Sample> batch) {
        return batch.stream().map(Sample::target).toList();
    }

    private static List<TokenScores> scores(List<Sample> batch) {
        return batch.stream().map(Sample::scores).toList();
    }

    private static Offset<Double> tolerance(double value) {
        return within(1e-6 + 1e-5 * Math.abs(value));
    }

    private static float[] floats(Float[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = values[i];
        }
        return floats;
    }

    private static float[] positive(Float[] values) {
        float[] floats = floats(values);
        for (int i = 0; i < floats.length; i++) {
            floats[i] = -floats[i];
        }
        return floats;
    }

    private static boolean[] booleans(Boolean[] values) {
        boolean[] booleans = new boolean[values.length];
        for (int i = 0; i < values.length; i++) {
            booleans[i] = values[i];
        }
        return booleans;
    }
}
