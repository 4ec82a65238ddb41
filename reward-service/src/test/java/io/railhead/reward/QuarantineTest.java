package io.railhead.reward;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuarantineTest {
    @Test
    void holdsAPromptAfterItsLastStrike() {
        Quarantine once = Quarantine.of(2).struck("p");

        assertThat(once.holds("p")).isFalse();
        assertThat(once.struck("p").holds("p")).isTrue();
        assertThat(once.struck("q").holds("p")).isFalse();
    }

    @Test
    void forgetsTheOldestBeyondItsLimit() {
        Quarantine full = Quarantine.of(1);
        for (int i = 0; i < Quarantine.LIMIT; i++) {
            full = full.struck("p" + i);
        }

        Quarantine beyond = full.struck("one more");

        assertThat(full.holds("p0")).isTrue();
        assertThat(beyond.counts()).hasSize(Quarantine.LIMIT);
        assertThat(beyond.holds("p0")).isFalse();
        assertThat(beyond.holds("p1")).isTrue();
        assertThat(beyond.holds("one more")).isTrue();
    }
}
