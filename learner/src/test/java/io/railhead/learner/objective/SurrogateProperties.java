package io.railhead.learner.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.railhead.learner.objective.SurrogateTwins.Case;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// The laws of all surrogates. Log-probabilities lie on a grid that keeps them off the kinks at the bounds.
class SurrogateProperties {
    private static final double STEP = 1e-6;

    /// Log-probabilities of a response under two policies, `[tokens]`, and its advantage.
    @SuppressWarnings("ArrayRecordComponent")
    record Response(double[] target, double[] proximal, double advantage) {}

    @Property(tries = 2000)
    void valueIsThatOfThePapersFormula(@ForAll("cases") Case given, @ForAll("responses") Response response) {
        double expected =
                given.twin().loss(response.target(), response.target(), response.proximal(), response.advantage());
        double actual =
                Arrays.stream(terms(given, response)).mapToDouble(Term::value).sum();
        assertThat(actual).isCloseTo(expected, within(1e-9 * (1 + Math.abs(expected))));
    }

    @Property(tries = 2000)
    void slopesAreFiniteDifferencesOfThePapersFormula(
            @ForAll("cases") Case given, @ForAll("responses") Response response) {
        Term[] terms = terms(given, response);
        double[] constants = response.target();
        for (int t = 0; t < terms.length; t++) {
            double[] above = constants.clone();
            double[] below = constants.clone();
            above[t] += STEP;
            below[t] -= STEP;
            double slope = (given.twin().loss(above, constants, response.proximal(), response.advantage())
                            - given.twin().loss(below, constants, response.proximal(), response.advantage()))
                    / (2 * STEP);
            assertThat(terms[t].slope()).as("token %d", t).isCloseTo(slope, within(1e-5 * (1 + Math.abs(slope))));
        }
    }

    @Property
    void onPolicyTheGradientIsThatOfThePolicyGradientAndNothingIsCut(
            @ForAll("cases") Case given, @ForAll("responses") Response response) {
        Response fresh = new Response(response.target(), response.target(), response.advantage());
        for (Term term : terms(given, fresh)) {
            assertThat(term.slope()).isCloseTo(-response.advantage(), within(1e-9));
            assertThat(term.cut()).isEqualTo(Cut.NONE);
        }
    }

    @Property
    void withoutAnAdvantageThereIsNoGradient(@ForAll("cases") Case given, @ForAll("responses") Response response) {
        for (Term term : terms(given, new Response(response.target(), response.proximal(), 0))) {
            assertThat(term.slope()).isZero();
        }
    }

    @Property
    void termsStayFiniteHoweverFarThePoliciesAreApart(@ForAll("cases") Case given, @ForAll boolean rising) {
        double[] near = {-1e-6, -1e-6};
        double[] far = {-1e4, -1e4};
        Response response = rising ? new Response(near, far, -1.5) : new Response(far, near, 1.5);
        for (Term term : terms(given, response)) {
            assertThat(term.value()).isFinite();
            assertThat(term.slope()).isFinite();
        }
    }

    private static Term[] terms(Case given, Response response) {
        return given.surrogate()
                .terms(new CountedTokens(
                        response.advantage(),
                        response.target(),
                        response.proximal(),
                        response.proximal(),
                        new int[response.target().length]));
    }

    @Provide
    Arbitrary<Case> cases() {
        return Arbitraries.of(SurrogateTwins.all());
    }

    @Provide
    Arbitrary<Response> responses() {
        Arbitrary<Double> grid = Arbitraries.integers().between(-23, 0).map(i -> i / 8.0 - 0.0137);
        return Arbitraries.integers()
                .between(1, 5)
                .flatMap(size -> grid.list()
                        .ofSize(2 * size)
                        .flatMap(values -> Arbitraries.integers()
                                .between(-8, 8)
                                .map(quarters -> new Response(
                                        array(values.subList(0, size)),
                                        array(values.subList(size, 2 * size)),
                                        quarters / 4.0))));
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
