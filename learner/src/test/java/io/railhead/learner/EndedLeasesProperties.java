package io.railhead.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.LeaseId;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class EndedLeasesProperties {
    /// The twin is a list, the latest last.
    @Property
    void theLatestEndsAreRememberedByTheirOrder(
            @ForAll @Size(max = 20) List<@Size(max = 8) List<@IntRange(max = 15) Integer>> ends,
            @ForAll @IntRange(min = 1, max = 12) int most) {
        EndedLeases fast = EndedLeases.NONE;
        List<LeaseId> slow = new ArrayList<>();
        for (List<Integer> together : ends) {
            List<LeaseId> leases = together.stream().map(LeaseId::new).toList();
            fast = fast.with(leases, most);
            for (LeaseId lease : leases) {
                slow.remove(lease);
                slow.add(lease);
            }
            slow = new ArrayList<>(slow.subList(Math.max(0, slow.size() - most), slow.size()));
            assertThat(fast.order().values()).containsExactlyElementsOf(slow);
            assertThat(fast.places().keySet()).containsExactlyInAnyOrderElementsOf(slow);
            assertThat(fast.size()).isEqualTo(slow.size());
            assertThat(fast.contains(new LeaseId(7))).isEqualTo(slow.contains(new LeaseId(7)));
        }
    }
}
