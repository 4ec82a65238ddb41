package io.railhead.actors.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.policy.PolicyVersion;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class StalenessProperties {
    record Case(Staleness rule, long version, List<Long> deadlines) {}

    @Property(tries = 2000)
    void isFeasibleExactlyWhenSomeAssignmentOfLeasesToStepsMeetsAllDeadlines(@ForAll("cases") Case c) {
        boolean feasible =
                c.rule().load(c.deadlines(), new PolicyVersion(c.version())).isFeasible();

        int[] places = new int[c.rule().maxStaleness() + 1];
        assertThat(feasible).isEqualTo(someAssignment(c, 0, places));
    }

    @Property
    void admitsNothingMoreThanItsCapacity(@ForAll("cases") Case c) {
        if (c.rule().load(c.deadlines(), new PolicyVersion(c.version())).isFeasible()) {
            assertThat(c.deadlines()).hasSizeLessThanOrEqualTo(c.rule().capacity());
        }
    }

    @Property
    void admitsOneMoreWheneverFewerThanAStepAreOpen(@ForAll("cases") Case c) {
        List<Long> open = c.deadlines().stream()
                .filter(deadline -> deadline >= c.version())
                .limit(c.rule().groupsPerStep() - 1)
                .toList();

        assertThat(c.rule().admits(open, c.version(), new PolicyVersion(c.version())))
                .isTrue();
    }

    /// So a bound that was lowered waits for nobody: what is overdue by it does not stand in the way.
    @Property
    void thereIsRoomWheneverFewerThanAStepAreOpenWhateverIsOverdue(@ForAll("cases") Case c) {
        PolicyVersion version = new PolicyVersion(c.version());
        List<Long> open =
                c.deadlines().stream().limit(c.rule().groupsPerStep() - 1).toList();
        Staleness.Load load = c.rule().load(open, version);
        assertThat(load.hasRoomFor(c.version())).isTrue();
        Staleness.Load all = c.rule().load(c.deadlines(), version);
        for (long deadline = c.version() - 1; deadline <= c.version() + c.rule().maxStaleness(); deadline++) {
            boolean overdue = c.deadlines().stream().anyMatch(each -> each < c.version());
            assertThat(all.admits(deadline)).isEqualTo(!overdue && all.hasRoomFor(deadline));
        }
    }

    @Property
    void mayAlwaysTrainTheEarliestDeadlinesOfAFeasibleSet(@ForAll("cases") Case c) {
        if (c.rule().load(c.deadlines(), new PolicyVersion(c.version())).isFeasible()
                && c.deadlines().size() >= c.rule().groupsPerStep()) {
            List<Long> rest = c.deadlines().stream()
                    .sorted()
                    .skip(c.rule().groupsPerStep())
                    .toList();

            assertThat(c.rule().mayTrain(rest, new PolicyVersion(c.version()))).isTrue();
        }
    }

    /// The slow obvious twin: tries every step for every lease.
    private static boolean someAssignment(Case c, int lease, int[] places) {
        if (lease == c.deadlines().size()) {
            return true;
        }
        for (int step = 0; step < places.length; step++) {
            boolean inTime = c.version() + step <= c.deadlines().get(lease);
            if (inTime && places[step] < c.rule().groupsPerStep()) {
                places[step]++;
                boolean found = someAssignment(c, lease + 1, places);
                places[step]--;
                if (found) {
                    return true;
                }
            }
        }
        return false;
    }

    @Provide
    Arbitrary<Case> cases() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.longs().between(1, 5),
                        Arbitraries.integers().between(-1, 3).list().ofMaxSize(8))
                .as((maxStaleness, groups, version, slacks) -> {
                    List<Long> deadlines = new ArrayList<>();
                    slacks.forEach(slack -> deadlines.add(version + Math.min(slack, maxStaleness)));
                    return new Case(new Staleness(maxStaleness, groups), version, deadlines);
                });
    }
}
