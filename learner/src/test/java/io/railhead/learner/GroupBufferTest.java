package io.railhead.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.learner.GroupBuffer.Admission;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SampledTokens;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupBufferTest {
    private final GroupBuffer empty = GroupBuffer.empty(2, 2);

    @Test
    void groupIsWholeWithItsLastSample() {
        GroupBuffer.Offer first = empty.offer(Trajectories.of(7, 1, 1, 3, 4));
        GroupBuffer.Offer second = first.next().offer(Trajectories.of(7, 0, 0, 2, 2));
        assertThat(first.admission()).isEqualTo(new Admission.Arrived());
        assertThat(second.admission())
                .isEqualTo(new Admission.Completed(new Group(
                        new LeaseId(7), List.of(Trajectories.of(7, 0, 0, 2, 2), Trajectories.of(7, 1, 1, 3, 4)))));
        Group group = second.next().take(List.of(new LeaseId(7))).groups().getFirst();
        assertThat(group.oldest()).isEqualTo(new PolicyVersion(2));
        assertThat(group.correctShare()).isEqualTo(0.5);
        assertThat(group.zeroVariance()).isFalse();
    }

    @Test
    void equalRewardsAreWithoutVariance() {
        assertThat(Trajectories.group(1, 0.3, 0.3).zeroVariance()).isTrue();
        assertThat(Trajectories.group(1, 0.3).zeroVariance()).isFalse();
    }

    @Test
    void secondCopyIsDropped() {
        ScoredRollout kept = Trajectories.of(7, 1, 1, 3);
        GroupBuffer one = empty.offer(kept).next();
        GroupBuffer.Offer again = one.offer(Trajectories.of(7, 1, 0.5, 4));
        assertThat(again).isEqualTo(new GroupBuffer.Offer(one, new Admission.Duplicate(kept)));
    }

    @Test
    void samplesOfEndedLeasesAreDropped() {
        GroupBuffer buffer = empty.offer(Trajectories.of(7, 1, 1, 3)).next().drop(List.of(new LeaseId(7)));
        assertThat(buffer.open()).isEmpty();
        assertThat(buffer.offer(Trajectories.of(7, 0, 1, 3)))
                .isEqualTo(new GroupBuffer.Offer(buffer, new Admission.Late()));
    }

    @Test
    void aLeaseThatWasOpenForLongIsRememberedAsLongAsAnyOther() {
        GroupBuffer buffer = empty;
        for (long id = 100; id < 200; id++) {
            buffer = buffer.drop(List.of(new LeaseId(id)));
        }
        buffer = buffer.drop(List.of(new LeaseId(7)));
        assertThat(buffer.offer(Trajectories.of(7, 0, 1, 3)).admission()).isEqualTo(new Admission.Late());
        assertThat(buffer.unseen().size()).isEqualTo(GroupBuffer.REMEMBERED * 2);
        assertThat(buffer.unseen().contains(new LeaseId(199))).isTrue();
        assertThat(buffer.knows(new LeaseId(100))).isFalse();
    }

    @Test
    void aFloodOfLeasesThatAreLongOverDoesNotDriveOutWhatWasJustTrained() {
        GroupBuffer buffer = empty.offer(Trajectories.of(200, 0, 0, 3))
                .next()
                .offer(Trajectories.of(200, 1, 1, 3))
                .next()
                .take(List.of(new LeaseId(200)))
                .next();
        for (long id = 0; id < 100; id++) {
            buffer = buffer.drop(List.of(new LeaseId(id)));
        }
        assertThat(buffer.offer(Trajectories.of(200, 0, 0, 3)).admission()).isEqualTo(new Admission.Late());
    }

    @Test
    void unusableSamplesAreRefusedByName() {
        ScoredRollout silent = Trajectories.of(7, 0, SampledTokens.EMPTY, 0);
        assertThat(empty.offer(silent).admission()).isEqualTo(new Admission.Refused("a response without a token"));
        assertThat(empty.offer(Trajectories.of(7, 2, 0, 1)).admission())
                .isEqualTo(new Admission.Refused("sample 2 of a group of 2"));
    }

    @Test
    void leasesBeyondTheCapacityAreRefused() {
        GroupBuffer full = empty.offer(Trajectories.of(1, 0, 0, 1))
                .next()
                .offer(Trajectories.of(2, 0, 0, 1))
                .next();
        assertThat(full.offer(Trajectories.of(3, 0, 0, 1)).admission())
                .isEqualTo(new Admission.Refused("the learner holds 2 groups already"));
        assertThat(full.offer(Trajectories.of(2, 1, 0, 1)).admission()).isInstanceOf(Admission.Completed.class);
    }

    @Test
    void leasesThatCanNeverBeTrainedAreForgotten() {
        GroupBuffer buffer = empty.offer(Trajectories.of(1, 0, 0, 3, 4))
                .next()
                .offer(Trajectories.of(2, 0, 0, 4))
                .next()
                .dropOlderThan(new PolicyVersion(4));
        assertThat(buffer.open()).containsOnlyKeys(new LeaseId(2));
    }

    @Test
    void takingAGroupThatIsNotWholeIsABrokenInvariant() {
        GroupBuffer one = empty.offer(Trajectories.of(7, 1, 1, 3)).next();
        assertThatThrownBy(() -> one.take(List.of(new LeaseId(7))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("lease-7 has 1 of 2 samples and is to be trained");
    }
}
