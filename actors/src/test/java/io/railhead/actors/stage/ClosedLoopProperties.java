package io.railhead.actors.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.StageSnapshot;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.actors.wire.StageCodec;
import io.railhead.policy.PolicyVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class ClosedLoopProperties {
    /// Measurements of one step.
    record Measured(double effective, double mismatch, boolean trained) {
        Map<String, Double> metrics() {
            return Map.of(ClosedLoop.EFFECTIVE, effective, ClosedLoop.MISMATCH, mismatch, "loss/total", 1.0);
        }

        /// Further off-policy by these amounts.
        Measured worse(double byEffective, double byMismatch) {
            return new Measured(effective * (1 - byEffective), mismatch + byMismatch, trained);
        }
    }

    @Provide
    Arbitrary<List<Measured>> steps() {
        Arbitrary<Double> mismatch =
                Arbitraries.oneOf(Arbitraries.doubles().between(0, 0.05), Arbitraries.of(Double.NaN, 5.0));
        return Combinators.combine(
                        Arbitraries.doubles().between(0, 1),
                        mismatch,
                        Arbitraries.integers().between(0, 9))
                .as((effective, kl, chance) -> new Measured(effective, kl, chance > 0))
                .list()
                .ofMaxSize(60);
    }

    private static StageSettings settings(int maxStaleness, int patience, String... more) {
        List<String> lines = new ArrayList<>(List.of(
                "max-staleness = " + maxStaleness,
                "closed-loop.enabled = true",
                "closed-loop.patience = " + patience,
                "closed-loop.min-staleness = " + Math.min(1, maxStaleness),
                "closed-loop.max-rate-factor = 1.5"));
        lines.addAll(List.of(more));
        return Settings.of(lines.toArray(String[]::new));
    }

    private static ClosedLoop after(ClosedLoop loop, List<Measured> steps, List<RunFact.LoopMoved> moves) {
        long version = 0;
        ClosedLoop now = loop;
        for (Measured step : steps) {
            ClosedLoop.Look look = now.after(new PolicyVersion(++version), step.metrics(), step.trained());
            look.move().ifPresent(moves::add);
            now = look.next();
        }
        return now;
    }

    @Property
    void staysWithinItsLimitsAndMovesOneThingAtATime(
            @ForAll("steps") List<Measured> steps,
            @ForAll @IntRange(max = 5) int maxStaleness,
            @ForAll @IntRange(min = 1, max = 4) int patience) {
        ClosedLoop now = ClosedLoop.start(settings(maxStaleness, patience));
        long version = 0;
        long since = 0;
        for (Measured step : steps) {
            since++;
            ClosedLoop.Look look = now.after(new PolicyVersion(++version), step.metrics(), step.trained());
            ClosedLoop next = look.next();
            assertThat(next.staleness()).isBetween(Math.min(1, maxStaleness), maxStaleness);
            assertThat(next.rateFactor()).isBetween(0.25, 1.5);
            boolean staleness = next.staleness() != now.staleness();
            boolean rate = next.rateFactor() != now.rateFactor();
            assertThat(staleness && rate).isFalse();
            assertThat(look.move().isPresent()).isEqualTo(staleness || rate);
            if (look.move().isPresent()) {
                assertThat(since).isGreaterThanOrEqualTo(patience);
                assertThat(look.move().get().cause())
                        .contains("effective share")
                        .contains("mismatch KL");
                since = 0;
            }
            now = next;
        }
    }

    @Property
    void switchedOffItNeverMoves(@ForAll("steps") List<Measured> steps, @ForAll @IntRange(max = 5) int maxStaleness) {
        ClosedLoop off = ClosedLoop.start(settings(maxStaleness, 1, "closed-loop.enabled = false"));
        List<RunFact.LoopMoved> moves = new ArrayList<>();
        ClosedLoop then = after(off, steps, moves);
        assertThat(moves).isEmpty();
        assertThat(then).isEqualTo(off);
        assertThat(then.staleness()).isEqualTo(maxStaleness);
        assertThat(then.rateFactor()).isEqualTo(1);
        assertThat(then.kept()).isEmpty();
    }

    /// Of the two moves from one state, the worse measurements never lead to the higher bound or the larger rate.
    @Property
    void theResponseIsMonotone(
            @ForAll("steps") List<Measured> before,
            @ForAll("steps") List<Measured> window,
            @ForAll @IntRange(max = 100) int byEffective,
            @ForAll @IntRange(max = 100) int byMismatch) {
        List<Measured> usable = window.stream()
                .filter(step -> step.trained() && Double.isFinite(step.mismatch()))
                .limit(3)
                .toList();
        ClosedLoop settled = after(ClosedLoop.start(settings(4, 1)), before, new ArrayList<>());
        ClosedLoop from = new ClosedLoop(settings(4, Math.max(1, usable.size())).closedLoop(), 4, settled.position());
        ClosedLoop better = after(from, usable, new ArrayList<>());
        ClosedLoop worse = after(
                from,
                usable.stream()
                        .map(step -> step.worse(byEffective / 100.0, byMismatch / 1000.0))
                        .toList(),
                new ArrayList<>());
        assertThat(worse.staleness()).isLessThanOrEqualTo(better.staleness());
        assertThat(worse.rateFactor()).isLessThanOrEqualTo(better.rateFactor());
    }

    @Property
    void aResumedLoopMovesAsTheUnbrokenOne(
            @ForAll("steps") List<Measured> before,
            @ForAll("steps") List<Measured> after,
            @ForAll @IntRange(min = 1, max = 4) int patience) {
        StageSettings settings = settings(3, patience);
        ClosedLoop unbroken = after(ClosedLoop.start(settings), before, new ArrayList<>());
        StageState state = StageState.start(settings, Prompts.of(5, "a").catalogue(), Instant.EPOCH);
        var committed = StageCodec.fromProto(StageCodec.toProto(new StageSnapshot(
                PolicyVersion.BASE,
                state.snapshot().ledger(),
                List.of(),
                state.snapshot().curriculum(),
                0,
                unbroken.kept())));
        ClosedLoop resumed = state.restored(committed, Instant.EPOCH).loop();
        assertThat(resumed).isEqualTo(unbroken);
        List<RunFact.LoopMoved> here = new ArrayList<>();
        List<RunFact.LoopMoved> there = new ArrayList<>();
        assertThat(after(resumed, after, there)).isEqualTo(after(unbroken, after, here));
        assertThat(there).isEqualTo(here);
    }

    @Example
    void tightensTheStalenessFirstAndLoosensTheRateFirst() {
        Measured bad = new Measured(0.2, 0.001, true);
        Measured good = new Measured(0.9, 0.001, true);
        List<RunFact.LoopMoved> moves = new ArrayList<>();
        after(ClosedLoop.start(settings(2, 1)), List.of(bad, bad, bad, good, good, good, good), moves);
        assertThat(moves)
                .extracting(move -> String.format(Locale.ROOT, "%d %.2f", move.staleness(), move.rateFactor()))
                .containsExactly("1 1.00", "1 0.80", "1 0.64", "1 0.80", "1 1.00", "1 1.25", "1 1.50");
        assertThat(moves.getFirst().cause())
                .isEqualTo("over 1 steps the effective share was 0.2000 (band 0.5 to 0.8)"
                        + " and the mismatch KL 0.00100 (band 0.005 to 0.02)");
    }

    @Example
    void newLimitsHoldWhatACommitLeft() {
        ClosedLoop loop = ClosedLoop.start(settings(4, 1));
        ClosedLoop narrower = ClosedLoop.start(settings(2, 1, "closed-loop.min-rate-factor = 0.9"));
        ClosedLoop low = after(loop, Collections.nCopies(9, new Measured(0, 0, true)), new ArrayList<>());
        assertThat(low.rateFactor()).isLessThan(0.5);
        assertThat(narrower.at(low.kept()).rateFactor()).isEqualTo(0.9);
        assertThat(narrower.at(loop.kept()).staleness()).isEqualTo(2);
    }

    @Example
    void limitsThatContradictEachOtherAreRefused() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Settings.of("closed-loop { enabled = true, min-staleness = 3 }"))
                .withMessageContaining("closed-loop.min-staleness")
                .withMessageContaining("at most max-staleness, 1");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Settings.of("closed-loop.mismatch-kl { low = 0.3, high = 0.1 }"))
                .withMessageContaining("closed-loop.mismatch-kl.low");
    }
}
