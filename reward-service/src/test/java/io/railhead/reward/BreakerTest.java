package io.railhead.reward;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private static final Instant NOW = Instant.EPOCH;
    private static final Duration PAUSE = Duration.ofSeconds(3);

    @Test
    void opensAfterFailuresInARowAndTriesAgainAfterThePause() {
        Breaker breaker = Breaker.closed(2, PAUSE).failed(NOW);
        assertThat(breaker.allows(NOW)).isTrue();
        Breaker open = breaker.failed(NOW);
        assertThat(open.allows(NOW.plus(PAUSE).minusNanos(1))).isFalse();
        assertThat(open.allows(NOW.plus(PAUSE))).isTrue();
        assertThat(open.failed(NOW.plus(PAUSE)).allows(NOW.plus(PAUSE))).isFalse();
        assertThat(open.succeeded()).isEqualTo(Breaker.closed(2, PAUSE));
    }

    @Test
    void aSuccessBetweenStartsTheCountAgain() {
        Breaker breaker = Breaker.closed(2, PAUSE).failed(NOW).succeeded().failed(NOW);
        assertThat(breaker.allows(NOW)).isTrue();
    }
}
