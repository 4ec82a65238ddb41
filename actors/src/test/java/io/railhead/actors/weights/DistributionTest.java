package io.railhead.actors.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.WeightsCommand.Manifest;
import io.railhead.policy.PolicyVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DistributionTest {
    private static final Instant START = Instant.EPOCH;
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @Test
    void lagIsReportedOnceUntilTheFollowerHasCaughtUp() {
        Distribution d =
                Distribution.EMPTY.joined("a", START).joined("b", START).published(manifest(1), START);
        d = d.staged("b", new PolicyVersion(1));
        assertThat(d.lagging(START.plusSeconds(10), DEADLINE).found()).isEmpty();

        Distribution.Lags late = d.lagging(START.plusSeconds(11), DEADLINE);
        assertThat(late.found())
                .containsExactly(
                        new Distribution.Lag("a", Optional.empty(), new PolicyVersion(1), Duration.ofSeconds(11)));
        assertThat(late.next().lagging(START.plusSeconds(99), DEADLINE).found()).isEmpty();

        Distribution again =
                late.next().staged("a", new PolicyVersion(1)).published(manifest(2), START.plusSeconds(100));
        assertThat(again.lagging(START.plusSeconds(111), DEADLINE).found())
                .extracting(Distribution.Lag::followerId)
                .containsExactly("a", "b");
    }

    @Test
    void lagCountsFromTheFirstVersionThatIsNotAcknowledged() {
        Distribution d = Distribution.EMPTY
                .joined("a", START)
                .published(manifest(1), START)
                .published(manifest(2), START.plusSeconds(8))
                .staged("a", new PolicyVersion(1));
        assertThat(d.lagging(START.plusSeconds(11), DEADLINE).found())
                .isEqualTo(List.of(new Distribution.Lag(
                        "a", Optional.of(new PolicyVersion(1)), new PolicyVersion(2), Duration.ofSeconds(11))));
    }

    @Test
    void onlyFollowersOfTheNewestVersionAreUpToDate() {
        Distribution d = Distribution.EMPTY
                .joined("a", START)
                .joined("b", START)
                .published(manifest(5), START)
                .staged("a", new PolicyVersion(5))
                .staged("b", new PolicyVersion(4))
                .staged("stranger", new PolicyVersion(5));
        assertThat(d.upToDate()).isEqualTo(1);
        assertThat(d.left("a").upToDate()).isZero();
    }

    @Test
    void onlyAHigherVersionIsNewer() {
        Distribution d = Distribution.EMPTY.published(manifest(5), START);
        assertThat(List.of(d.isNewer(manifest(4)), d.isNewer(manifest(5)), d.isNewer(manifest(6))))
                .containsExactly(false, false, true);
    }

    private static Manifest manifest(long version) {
        return new Manifest(new PolicyVersion(version), "", 0, "memory:");
    }
}
