package io.railhead.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class UnreachablesTest {
    private static final Instant START = Instant.EPOCH;
    private static final Duration STABLE = Duration.ofSeconds(6);

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

    private static Instant at(long second) {
        return START.plusSeconds(second);
    }
}
