package io.railhead.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
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

    @Test
    void aNodeThatIsLeftWithNobodyIsCutOffUnlessItMayBeTheOneThatIsLeftOver() {
        Unreachables state = Unreachables.none(START).lost("head", at(10)).lost("worker", at(10));
        assertThat(state.isCutOff(Map.of("head", true, "worker", false), false)).isTrue();
        assertThat(state.isCutOff(Map.of("head", true, "worker", false), true)).isTrue();
        assertThat(state.isCutOff(Map.of("head", false, "worker", false), true))
                .as("it alone could lead")
                .isFalse();
        assertThat(state.isCutOff(Map.of("head", true, "worker", false, "here", false), false))
                .as("one is left")
                .isFalse();
        assertThat(state.isCutOff(Map.of("head", true), false))
                .as("there was but one other")
                .isFalse();
    }

    private static Instant at(long second) {
        return START.plusSeconds(second);
    }
}
