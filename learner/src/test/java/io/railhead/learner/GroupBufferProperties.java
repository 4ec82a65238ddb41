package io.railhead.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.learner.GroupBuffer.Admission;
import io.railhead.policy.PolicyVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class GroupBufferProperties {
    private static final int LEASES = 5;

    @Property
    void orderOfArrivalAndSecondCopiesDoNotMatter(
            @ForAll @IntRange(min = 1, max = 8) int groupSize, @ForAll Random random) {
        List<ScoredRollout> once = allSamples(groupSize);
        List<ScoredRollout> many = new ArrayList<>(once);
        IntStream.range(0, random.nextInt(20)).forEach(_ -> many.add(once.get(random.nextInt(once.size()))));
        Collections.shuffle(many, random);
        GroupBuffer mixed = GroupBuffer.empty(groupSize, LEASES);
        int arrived = 0;
        int completed = 0;
        for (ScoredRollout sample : many) {
            GroupBuffer.Offer offer = mixed.offer(sample);
            mixed = offer.next();
            switch (offer.admission()) {
                case Admission.Arrived() -> arrived++;
                case Admission.Completed(Group group) -> {
                    arrived++;
                    completed++;
                    assertThat(group.samples()).hasSize(groupSize);
                }
                case Admission.Duplicate _ -> {}
                case Admission.Late _, Admission.Refused _ -> throw new AssertionError(offer.admission());
            }
        }
        GroupBuffer straight = GroupBuffer.empty(groupSize, LEASES);
        for (ScoredRollout sample : once) {
            straight = straight.offer(sample).next();
        }
        assertThat(arrived).isEqualTo(once.size());
        assertThat(completed).isEqualTo(LEASES);
        assertThat(mixed).isEqualTo(straight);
        assertThat(mixed.take(leases()).groups())
                .isEqualTo(straight.take(leases()).groups());
    }

    @Property
    void lostSamplesCompleteTheGroupWhenTheyComeAgain(
            @ForAll @IntRange(min = 2, max = 8) int groupSize, @ForAll Random random) {
        List<ScoredRollout> first = new ArrayList<>(allSamples(groupSize));
        Collections.shuffle(first, random);
        GroupBuffer buffer = GroupBuffer.empty(groupSize, LEASES);
        for (ScoredRollout sample : first.subList(0, random.nextInt(first.size()))) {
            buffer = buffer.offer(sample).next();
        }
        for (ScoredRollout sample : allSamples(groupSize)) { // the next attempt, all of it
            buffer = buffer.offer(sample).next();
        }
        assertThat(buffer.take(leases()).groups()).extracting(Group::lease).containsExactlyElementsOf(leases());
    }

    @Property
    void memoryIsBoundedWhateverComes(@ForAll @IntRange(min = 1, max = 4) int capacity, @ForAll Random random) {
        GroupBuffer buffer = GroupBuffer.empty(3, capacity);
        for (int i = 0; i < 200; i++) {
            buffer = switch (random.nextInt(8)) {
                case 0 -> buffer.drop(List.of(new LeaseId(random.nextInt(100))));
                case 1 -> buffer.dropOlderThan(new PolicyVersion(random.nextInt(10)));
                default ->
                    buffer.offer(Trajectories.of(random.nextInt(100), random.nextInt(4), 0, random.nextInt(10)))
                            .next();
            };
            assertThat(buffer.open().size()).isLessThanOrEqualTo(capacity);
            assertThat(buffer.ended().size()).isLessThanOrEqualTo(GroupBuffer.REMEMBERED * capacity);
            assertThat(Collections.disjoint(
                            buffer.open().keySet(), buffer.ended().places().keySet()))
                    .isTrue();
        }
    }

    private static List<LeaseId> leases() {
        return LongStream.range(0, LEASES).mapToObj(LeaseId::new).toList();
    }

    private static List<ScoredRollout> allSamples(int groupSize) {
        return IntStream.range(0, LEASES * groupSize)
                .mapToObj(i -> Trajectories.of(i / groupSize, i % groupSize, i, i % 3))
                .toList();
    }
}
