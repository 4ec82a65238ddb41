package io.railhead.actors.stage;

import io.railhead.actors.stage.LeaseEntry.Phase;
import io.railhead.policy.PolicyVersion;
import java.util.Collection;
import java.util.Map;
import org.pcollections.TreePMap;

/// How many leases there are of each kind, and of which floors: all that the rules need to see after most events,
/// without a walk through the leases. Immutable; kept along as leases change.
///
/// @param rows by floor; none is empty
/// @param pointless ready groups without variance
record Tally(TreePMap<PolicyVersion, Row> rows, int open, int waiting, int generating, int ready, int pointless) {
    static final Tally EMPTY = new Tally(TreePMap.empty(), 0, 0, 0, 0, 0);

    /// Leases of one floor.
    record Row(int open, int ready) {}

    static Tally of(Collection<LeaseEntry> leases) {
        Tally tally = EMPTY;
        for (LeaseEntry lease : leases) {
            tally = tally.plus(lease);
        }
        return tally;
    }

    Tally plus(LeaseEntry lease) {
        return with(lease, 1);
    }

    Tally minus(LeaseEntry lease) {
        return with(lease, -1);
    }

    Tally replaced(LeaseEntry before, LeaseEntry after) {
        boolean same = before.floor().equals(after.floor())
                && before.isGenerating() == after.isGenerating()
                && before.isReady() == after.isReady()
                && isPointless(before) == isPointless(after);
        return same ? this : minus(before).plus(after);
    }

    /// Without these, which must be among them.
    Tally without(Tally some) {
        TreePMap<PolicyVersion, Row> rest = rows;
        for (Map.Entry<PolicyVersion, Row> row : some.rows.entrySet()) {
            rest = changed(
                    rest, row.getKey(), -row.getValue().open(), -row.getValue().ready());
        }
        return new Tally(
                rest,
                open - some.open,
                waiting - some.waiting,
                generating - some.generating,
                ready - some.ready,
                pointless - some.pointless);
    }

    /// Without the ready leases that a train step takes: the oldest.
    Tally afterStep(int groups) {
        TreePMap<PolicyVersion, Row> rest = rows;
        int left = groups;
        for (Map.Entry<PolicyVersion, Row> row : rows.entrySet()) {
            int taken = Math.min(left, row.getValue().ready());
            left -= taken;
            rest = changed(rest, row.getKey(), -taken, -taken);
        }
        return new Tally(rest, open - groups, waiting, generating, ready - groups, pointless);
    }

    Staleness.Load load(Staleness staleness, PolicyVersion version) {
        Staleness.Load load = staleness.none(version);
        for (Map.Entry<PolicyVersion, Row> row : rows.entrySet()) {
            load = load.plus(staleness.deadline(row.getKey()), row.getValue().open());
        }
        return load;
    }

    private Tally with(LeaseEntry lease, int count) {
        return new Tally(
                changed(rows, lease.floor(), count, lease.isReady() ? count : 0),
                open + count,
                waiting + (lease.isWaiting() ? count : 0),
                generating + (lease.isGenerating() ? count : 0),
                ready + (lease.isReady() ? count : 0),
                pointless + (isPointless(lease) ? count : 0));
    }

    private static boolean isPointless(LeaseEntry lease) {
        return lease.phase() instanceof Phase.Ready ready && ready.zeroVariance();
    }

    private static TreePMap<PolicyVersion, Row> changed(
            TreePMap<PolicyVersion, Row> rows, PolicyVersion floor, int open, int ready) {
        Row before = rows.getOrDefault(floor, new Row(0, 0));
        Row after = new Row(before.open() + open, before.ready() + ready);
        return after.open() == 0 ? rows.minus(floor) : rows.plus(floor, after);
    }
}
