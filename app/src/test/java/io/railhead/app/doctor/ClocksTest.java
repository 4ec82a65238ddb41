package io.railhead.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.app.doctor.Clocks.Dated;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClocksTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final ClockReading START = new ClockReading(NOON, 5);

    private static ClockReading after(Duration wall, Duration monotonic) {
        return new ClockReading(NOON.plus(wall), 5 + monotonic.toNanos());
    }

    private static final ClockReading END = after(Duration.ofSeconds(3), Duration.ofMillis(3001));

    private static Optional<Dated> dated(Duration after) {
        return Optional.of(new Dated("f", NOON.plus(after)));
    }

    @Test
    void aSteadyClockBesideFilesOfThePastIsGood() {
        Finding finding = Clocks.of(START, END, dated(Duration.ofSeconds(2)), dated(Duration.ofDays(-9)));
        assertThat(finding).isEqualTo(Finding.good("clock", "2026-01-01T12:00:03Z, steady within 1 ms"));
    }

    @Test
    void aStepIsSeenAgainstTheMonotonicClock() {
        for (int seconds : new int[] {2, 4}) {
            ClockReading end = after(Duration.ofSeconds(seconds), Duration.ofSeconds(3));
            Finding finding = Clocks.of(START, end, Optional.empty(), Optional.empty());
            assertThat(finding.good()).isFalse();
            assertThat(finding.finding()).contains((seconds - 3) * 1000 + " ms against the monotonic one within 3000");
        }
    }

    @Test
    void aFileOfTheFutureShowsAClockThatIsBehind() {
        Finding finding = Clocks.of(START, END, Optional.empty(), dated(Duration.ofDays(1)));
        assertThat(finding.good()).isFalse();
        assertThat(finding.finding()).contains("it is 2026-01-01T12:00:03Z here, but f is of 2026-01-02T12:00:00Z");
    }

    @Test
    void aFileWrittenNowShowsTheFileServersClock() {
        for (Duration off : new Duration[] {Duration.ofMinutes(-1), Duration.ofMinutes(1)}) {
            Finding finding = Clocks.of(START, END, dated(off), Optional.empty());
            assertThat(finding.good()).isFalse();
            assertThat(finding.mend()).contains("file server");
        }
    }
}
