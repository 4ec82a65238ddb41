package io.railhead.learner.objective;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CorrectionProperties {
    private static final Rejection SOME =
            new Rejection(new Bounds(0.5, 2), new Bounds(0.1, 10), new Bounds(0.8, 1.25), 0, 0.2, 1);

    @Property
    void aRuleNeverChangesTheFactorOfATokenThatItKeeps(
            @ForAll("tokens") CountedTokens tokens, @ForAll WeightLevel level) {
        boolean[] none = new boolean[tokens.size()];
        BehaviourWeight truncated = new BehaviourWeight.Truncated(2);
        double[] without = new Correction(truncated, level, false, Rejection.NONE)
                .of(tokens, none, 1)
                .factors();
        Correction.Factors with = new Correction(truncated, level, false, SOME).of(tokens, none, 1);
        for (int t = 0; t < tokens.size(); t++) {
            assertThat(with.factors()[t]).isEqualTo(with.rules()[t] == null ? without[t] : 0);
        }
    }

    @Property
    void onPolicyEveryFactorIsOneAndNothingIsLeftOut(
            @ForAll("tokens") CountedTokens tokens, @ForAll WeightLevel level) {
        CountedTokens fresh = new CountedTokens(
                tokens.advantage(), tokens.target(), tokens.target(), tokens.target(), new int[tokens.size()]);
        for (BehaviourWeight weight : List.of(
                new BehaviourWeight.None(), new BehaviourWeight.Truncated(2), new BehaviourWeight.Masked(0.5, 2))) {
            Correction.Factors factors =
                    new Correction(weight, level, false, SOME).of(fresh, new boolean[tokens.size()], 1);
            assertThat(factors.factors()).containsOnly(1);
            assertThat(factors.rules()).containsOnlyNulls();
        }
    }

    @Property
    void factorsAreBoundedByTheCap(@ForAll("tokens") CountedTokens tokens, @ForAll WeightLevel level) {
        double[] factors = new Correction(new BehaviourWeight.Truncated(2), level, false, Rejection.NONE)
                .of(tokens, new boolean[tokens.size()], 1)
                .factors();
        assertThat(Arrays.stream(factors).max().orElseThrow()).isLessThanOrEqualTo(2);
    }

    /// Against trying every number of kept tokens.
    @Property
    void secondMomentLeavesOutAsFewAsItCan(@ForAll("tokens") CountedTokens tokens) {
        double bound = 0.5;
        boolean[] leftOut = SecondMoment.leftOut(
                List.of(new SequenceTarget(
                        1, floats(tokens.proximal()), floats(tokens.behaviour()), null, all(tokens.size()))),
                bound)[0];
        double[] squares = IntStream.range(0, tokens.size())
                .mapToDouble(t -> tokens.logWeight(t) * tokens.logWeight(t))
                .sorted()
                .toArray();
        int most = 1;
        for (int kept = 1; kept <= squares.length; kept++) {
            if (Arrays.stream(squares, 0, kept).average().orElseThrow() < bound) {
                most = kept;
            }
        }
        long kept = IntStream.range(0, leftOut.length).filter(t -> !leftOut[t]).count();
        assertThat(kept).isEqualTo(most);
    }

    private static boolean[] all(int size) {
        boolean[] all = new boolean[size];
        Arrays.fill(all, true);
        return all;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    @Provide
    Arbitrary<CountedTokens> tokens() {
        Arbitrary<Double> grid = Arbitraries.integers().between(-24, 0).map(i -> i / 8.0);
        return Arbitraries.integers()
                .between(1, 6)
                .flatMap(size -> grid.list()
                        .ofSize(3 * size)
                        .flatMap(values -> Arbitraries.integers()
                                .between(-4, 4)
                                .map(advantage -> new CountedTokens(
                                        advantage,
                                        array(values.subList(0, size)),
                                        array(values.subList(size, 2 * size)),
                                        array(values.subList(2 * size, 3 * size)),
                                        IntStream.range(0, size).toArray()))));
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
