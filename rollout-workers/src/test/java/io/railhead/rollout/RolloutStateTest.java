package io.railhead.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.actors.protocol.Lease;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.policy.PolicyVersion;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RolloutStateTest {
    private static final PolicyVersion V3 = new PolicyVersion(3);

    private final RolloutState serving = RolloutState.starting().engineReady(V3, 4);

    @Test
    void claimsNoVersionBeforeTheFirstEngineIsUp() {
        assertThat(RolloutState.starting().staged(V3).request(8)).isEmpty();
    }

    @Test
    void claimsNoVersionBeforeTheSwapHappened() {
        RolloutState staged = serving.staged(new PolicyVersion(4));

        assertThat(staged.request(0)).contains(new RolloutState.Request(V3, 4));
        assertThat(staged.swapped(new PolicyVersion(4)).request(0))
                .contains(new RolloutState.Request(new PolicyVersion(4), 4));
    }

    @Test
    void oneSwapIsUnderWayAtATimeAndTheNextGoesToTheNewestVersion() {
        RolloutState.Swapping first = serving.staged(new PolicyVersion(4)).swap();
        assertThat(first.version()).contains(new PolicyVersion(4));

        RolloutState waiting = first.next().staged(new PolicyVersion(5)).staged(new PolicyVersion(6));
        assertThat(waiting.swap().version()).isEmpty();

        RolloutState.Swapping second = waiting.swapped(new PolicyVersion(4)).swap();
        assertThat(second.version()).contains(new PolicyVersion(6));
        assertThat(second.next().swapped(new PolicyVersion(6)).swap().version()).isEmpty();
    }

    @Test
    void asksForSlotsAndQueueAheadMinusWhatIsOutstanding() {
        RolloutState busy = serving.granted(List.of(Leases.lease(1, 5))).next();

        assertThat(busy.request(2)).contains(new RolloutState.Request(V3, 1));
        assertThat(busy.request(0)).contains(new RolloutState.Request(V3, 0));
    }

    @Test
    void asksForNothingWhileTheEngineIsDown() {
        assertThat(serving.engineLost().next().request(8)).contains(new RolloutState.Request(V3, 0));
    }

    @Test
    void asksForNothingWhileDraining() {
        assertThat(serving.drain().request(8)).contains(new RolloutState.Request(V3, 0));
    }

    @Test
    void aGrantOfTheSameAttemptAgainChangesNothing() {
        RolloutState once = serving.granted(List.of(Leases.lease(1, 2))).next();

        assertThat(once.granted(List.of(Leases.lease(1, 2))))
                .isEqualTo(new RolloutState.Granted(once, List.of(), List.of(), List.of()));
    }

    @Test
    void noLeaseInHandHasAFloorAboveTheVersionServed() {
        Lease newer = Leases.notBelow(new PolicyVersion(4), 1, 2);
        Lease served = Leases.notBelow(new PolicyVersion(3), 2, 1);

        RolloutState.Granted granted = serving.granted(List.of(newer, served));

        assertThat(granted.lost())
                .containsExactly(new SampleKey(new LeaseId(1), 1, 0), new SampleKey(new LeaseId(1), 1, 1));
        assertThat(granted.submit()).containsExactly(served);
        assertThat(granted.next().inHand()).containsExactly(served);
        assertThat(RolloutState.starting().granted(List.of(newer)).lost()).hasSize(2);
    }

    @Test
    void aLaterAttemptReplacesTheOneInHand() {
        RolloutState once = serving.granted(List.of(Leases.lease(1, 2))).next();

        RolloutState.Granted again = once.granted(List.of(Leases.lease(1, 2, List.of(1))));

        assertThat(again.cancel()).containsExactly("lease-1/1");
        assertThat(again.submit()).containsExactly(Leases.lease(1, 2, List.of(1)));
        assertThat(again.next().finished("lease-1/1", 1).lease()).isEmpty();
        assertThat(again.next().finished("lease-1/2", 1).lease()).contains(Leases.lease(1, 2, List.of(1)));
    }

    @Test
    void aSampleFinishesOnce() {
        RolloutState busy = serving.granted(List.of(Leases.lease(1, 2))).next();

        RolloutState.Finished first = busy.finished("lease-1/1", 0);

        assertThat(first.lease()).contains(Leases.lease(1, 2));
        assertThat(first.next().finished("lease-1/1", 0))
                .isEqualTo(new RolloutState.Finished(first.next(), Optional.empty()));
    }

    @Test
    void aLostEngineLosesWhatIsNotFinished() {
        RolloutState busy = serving.granted(List.of(Leases.lease(1, 2), Leases.lease(2, 1)))
                .next()
                .finished("lease-1/1", 0)
                .next();

        assertThat(busy.engineLost().samples())
                .containsExactly(new SampleKey(new LeaseId(1), 1, 1), new SampleKey(new LeaseId(2), 1, 0));
        assertThat(busy.engineLost().next().outstandingSamples()).isZero();
    }

    @Test
    void theVersionServedNeverGoesBack() {
        assertThatThrownBy(() -> serving.engineLost().next().engineReady(new PolicyVersion(2), 4))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the engine serves v2 after v3 was served");
    }
}
