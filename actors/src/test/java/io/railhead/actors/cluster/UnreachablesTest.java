package io.railhead.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UnreachablesTest {
    private static final Instant START = Instant.EPOCH;
    private static final Duration STABLE = Duration.ofSeconds(6);
    private static final Unreachables.Standing HEAD = new Unreachables.Standing(true, false);
    private static final Unreachables.Standing WORKER = new Unreachables.Standing(false, false);
    private static final Unreachables.Standing SEED = new Unreachables.Standing(false, true);

    @Test
    void whoCannotBeReachedIsRemovedWhenNothingHasChangedForAWhile() {
        Unreachables state = Unreachables.none(START).lost("a", at(10));
        assertThat(state.due(at(15), STABLE)).isEmpty();
        assertThat(state.due(at(16), STABLE)).containsExactly("a");
        assertThat(state.lost("b", at(14)).due(at(16), STABLE)).isEmpty();
        assertThat(state.lost("b", at(14)).due(at(20), STABLE)).containsExactly("a", "b");
        assertThat(state.changed(at(15)).due(at(20), STABLE)).isEmpty();
    }

    @Test
    void hearingTheSameAgainChangesNothing() {
        Unreachables state = Unreachables.none(START).lost("a", at(10));
        assertThat(state.lost("a", at(15))).isEqualTo(state);
        assertThat(state.settled("b", at(15))).isEqualTo(state);
    }

    @Test
    void whoAnswersAgainStays() {
        Unreachables state =
                Unreachables.none(START).lost("a", at(10)).lost("b", at(10)).settled("a", at(12));
        assertThat(state.due(at(18), STABLE)).containsExactly("b");
        assertThat(state.settled("b", at(13)).due(at(60), STABLE)).isEmpty();
    }

    @Test
    void aNodeWhoseClusterNobodyCanLeadOrJoinAnyMoreIsLost() {
        Unreachables state = Unreachables.none(START).lost("head", at(10));
        assertThat(state.isLost(WORKER, Map.of("head", HEAD, "other", WORKER))).isTrue();
        assertThat(state.isLost(WORKER, Map.of("other", WORKER)))
                .as("the head was removed already")
                .isTrue();
        assertThat(state.isLost(WORKER, Map.of("head", HEAD, "head-2", HEAD)))
                .as("another could lead")
                .isFalse();
        assertThat(state.isLost(WORKER, Map.of("head", HEAD, "other", SEED)))
                .as("a head can still join")
                .isFalse();
        assertThat(state.isLost(SEED, Map.of("head", HEAD)))
                .as("through this very node")
                .isFalse();
    }

    @Test
    void aHeadIsLostWhenItIsCutOffFromEverybodyAndAnotherCouldLead() {
        Unreachables state = Unreachables.none(START).lost("head", at(10)).lost("worker", at(10));
        assertThat(state.isLost(HEAD, Map.of("head", HEAD, "worker", WORKER))).isTrue();
        assertThat(state.isLost(HEAD, Map.of("head", WORKER, "worker", WORKER)))
                .as("it alone could lead")
                .isFalse();
        assertThat(state.isLost(HEAD, Map.of("head", HEAD, "worker", WORKER, "here", WORKER)))
                .as("one is left")
                .isFalse();
        assertThat(state.isLost(HEAD, Map.of("head", HEAD)))
                .as("there was but one other, which may have died")
                .isFalse();
    }

    private static Instant at(long second) {
        return START.plusSeconds(second);
    }
}
