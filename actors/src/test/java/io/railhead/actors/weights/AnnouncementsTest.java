package io.railhead.actors.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.WeightsCommand.Link;
import io.railhead.actors.protocol.WeightsCommand.Manifest;
import io.railhead.actors.protocol.WeightsCommand.ToFollower.WeightsPublished;
import io.railhead.actors.weights.WeightsStore.Held;
import io.railhead.actors.weights.delta.TransferManifest.Base;
import io.railhead.actors.weights.port.Hop;
import io.railhead.policy.PolicyVersion;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnnouncementsTest {
    private static final Announcements FIRST = Announcements.NONE.encoded(held(1), false, 2);

    @Test
    void chainIsWhatDeltasLeadHereFromTheLatestFirst() {
        Announcements fourth =
                FIRST.encoded(held(2), true, 2).encoded(held(3), true, 2).encoded(held(4), true, 2);
        assertThat(fourth).isEqualTo(new Announcements(Optional.of(held(4)), List.of(link(3), link(2)), false));
    }

    @Test
    void snapshotBeginsTheChainAnew() {
        Announcements third = FIRST.encoded(held(2), true, 2).encoded(held(3), false, 2);
        assertThat(third.chain()).isEmpty();
    }

    @Test
    void oneEncodingAtATimeAndOnlyOfSomethingNewer() {
        assertThat(Announcements.NONE.wants(held(1))).isTrue();
        assertThat(FIRST.wants(held(1))).isFalse();
        assertThat(FIRST.wants(held(2))).isTrue();
        assertThat(FIRST.encoding().wants(held(2))).isFalse();
        assertThat(FIRST.encoding().failed().wants(held(2))).isTrue();
    }

    @Test
    void followerOnTheChainTakesItsDeltasFromThereOn() {
        WeightsPublished published = published(link(3), link(2), link(1));
        assertThat(WeightsFetch.hops(published, held(2))).containsExactly(hop(2, 3), hop(3, 4));
        assertThat(WeightsFetch.hops(published, held(3))).containsExactly(hop(3, 4));
    }

    @Test
    void followerOffTheChainTakesNoDeltas() {
        assertThat(WeightsFetch.hops(published(link(3), link(2)), held(1))).isEmpty();
        assertThat(WeightsFetch.hops(published(), held(3))).isEmpty();
        Held otherContents = new Held(SampleWeights.of(3), "f".repeat(64));
        assertThat(WeightsFetch.hops(published(link(3), link(2)), otherContents))
                .isEmpty();
    }

    private static WeightsPublished published(Link... chain) {
        return new WeightsPublished(
                new Manifest(new PolicyVersion(4), root(4), 11, "learner:1"), List.of(chain), List.of("learner:1"));
    }

    private static Held held(long version) {
        return new Held(SampleWeights.of(version), root(version));
    }

    private static Link link(long version) {
        return new Link(new PolicyVersion(version), root(version));
    }

    private static Hop hop(long from, long to) {
        return new Hop(new PolicyVersion(to), root(to), Optional.of(new Base(new PolicyVersion(from), root(from))));
    }

    private static String root(long version) {
        return Long.toString(version).repeat(64);
    }
}
