package io.railhead.actors.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.WeightsCommand.Manifest;
import io.railhead.actors.protocol.WeightsCommand.ToFollower.WeightsPublished;
import io.railhead.policy.PolicyVersion;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class StagingProperties {
    /// Each number offers that version; a negative one ends the running fetch, badly or well.
    @Property
    void keptVersionNeverGoesBackAndTheNewestOfferedIsNotForgotten(
            @ForAll List<@IntRange(min = -2, max = 20) Integer> events) {
        Staging staging = Staging.startingWith(PolicyVersion.BASE);
        for (int event : events) {
            PolicyVersion before = staging.kept();
            staging = apply(staging, event).next();
            assertThat(staging.kept()).isGreaterThanOrEqualTo(before);
            assertThat(staging.waiting().isPresent() && staging.fetching().isEmpty())
                    .isFalse();
        }
        long newest = events.stream().mapToInt(e -> Math.max(e, 0)).max().orElse(0);
        while (staging.fetching().isPresent()) {
            staging = apply(staging, -1).next();
        }
        if (!events.contains(-2)) { // no fetch failed
            assertThat(staging.kept()).isEqualTo(new PolicyVersion(newest));
        }
    }

    private static Staging.Step apply(Staging staging, int event) {
        if (event >= 0) {
            return staging.offered(new WeightsPublished(
                    new Manifest(new PolicyVersion(event), "", 0, "memory:"), List.of(), List.of()));
        }
        if (staging.fetching().isEmpty()) {
            return new Staging.Step(staging, new Staging.Decision.Wait());
        }
        return event == -1 ? staging.fetched(staging.fetching().get().manifest().version()) : staging.failed();
    }
}
