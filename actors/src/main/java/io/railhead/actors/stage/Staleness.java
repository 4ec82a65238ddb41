package io.railhead.actors.stage;

import io.railhead.policy.PolicyVersion;
import java.util.Arrays;
import java.util.Collection;

/// Which leases may be open, so that none is ever trained when it is too old.
///
/// A lease whose oldest token can be of version `floor` may be part of the train steps made from versions up to its
/// deadline `d = floor + maxStaleness`. The step from version `v` has `groupsPerStep` places. So the leases open at
/// learner version `u` can all be trained in time iff
///
///     for each k >= 0:  #(open leases with d <= u + k)  <=  (k + 1) * groupsPerStep,   and none has d < u.
///
/// Necessary: those leases have only the places of the steps from u .. u + k. Sufficient: put the leases in the
/// order of their deadlines, `groupsPerStep` a step; if lease i (from 0) came too late, i.e.
/// `d < u + i / groupsPerStep`, then with `k = d - u` at least `(k + 1) * groupsPerStep + 1` leases had deadlines
/// up to `u + k`.
///
/// Three consequences. While only feasible sets are opened and a step is made only if the rest stays feasible, no
/// token is older than `maxStaleness` when it is trained. At most `(maxStaleness + 1) * groupsPerStep` leases are
/// open, for every `d <= u + maxStaleness`. And nobody waits for ever: fewer than `groupsPerStep` open leases
/// always admit one more of a worker that is not behind by more than `maxStaleness`; with that many, all ready, the
/// step by earliest deadlines leaves a feasible rest.
public record Staleness(int maxStaleness, int groupsPerStep) {
    public Staleness {
        if (maxStaleness < 0) {
            throw new IllegalArgumentException("max staleness is not negative: " + maxStaleness);
        }
        if (groupsPerStep < 1) {
            throw new IllegalArgumentException("a step has at least one group: " + groupsPerStep);
        }
    }

    /// The last version from which a step may train on tokens as old as `floor`.
    public long deadline(PolicyVersion floor) {
        return floor.number() + maxStaleness;
    }

    /// The most leases that are ever open.
    public int capacity() {
        return Math.multiplyExact(maxStaleness + 1, groupsPerStep);
    }

    /// Whether a lease with `newDeadline` may be opened beside `open` at learner version `version`.
    public boolean admits(Collection<Long> open, long newDeadline, PolicyVersion version) {
        return load(open, version).admits(newDeadline);
    }

    /// Whether a step may be made from `version` when `remaining` stay open.
    public boolean mayTrain(Collection<Long> remaining, PolicyVersion version) {
        return load(remaining, version.next()).isFeasible();
    }

    /// No open lease, seen from a learner version.
    Load none(PolicyVersion version) {
        return new Load(this, version.number(), new int[maxStaleness + 1], false);
    }

    /// The deadlines of open leases, seen from a learner version.
    public Load load(Collection<Long> deadlines, PolicyVersion version) {
        int[] bySlack = new int[maxStaleness + 1];
        boolean overdue = false;
        for (long deadline : deadlines) {
            overdue |= count(deadline, 1, version.number(), bySlack);
        }
        return new Load(this, version.number(), bySlack, overdue);
    }

    /// @return whether the lease is overdue
    private static boolean count(long deadline, int leases, long version, int[] bySlack) {
        long slack = deadline - version;
        if (slack >= bySlack.length) {
            throw new IllegalArgumentException(
                    "a lease with deadline %d promises tokens newer than version %d".formatted(deadline, version));
        }
        bySlack[(int) Math.max(slack, 0)] += leases;
        return slack < 0;
    }

    /// How many open leases have each number of versions left. Immutable.
    public static final class Load {
        private final Staleness rule;
        private final long version;
        private final int[] bySlack; // [maxStaleness + 1]; slack = deadline - version; overdue leases are in [0]
        private final boolean overdue;

        private Load(Staleness rule, long version, int[] bySlack, boolean overdue) {
            this.rule = rule;
            this.version = version;
            this.bySlack = bySlack;
            this.overdue = overdue;
        }

        public Load plus(long deadline) {
            return plus(deadline, 1);
        }

        /// With so many leases more.
        Load plus(long deadline, int leases) {
            int[] next = Arrays.copyOf(bySlack, bySlack.length);
            boolean late = count(deadline, leases, version, next);
            return new Load(rule, version, next, overdue || late);
        }

        public boolean admits(long deadline) {
            return !overdue && hasRoomFor(deadline);
        }

        /// As `admits`, but leases that are overdue count as due at once. For a bound that was larger when they were
        /// opened.
        boolean hasRoomFor(long deadline) {
            long slack = deadline - version;
            if (slack < 0) {
                return false;
            }
            int due = 0; // as in isFeasible, with one more
            for (int k = 0; k < bySlack.length; k++) {
                due += bySlack[k] + (k == slack ? 1 : 0);
                if (due > (k + 1) * rule.groupsPerStep) {
                    return false;
                }
            }
            return true;
        }

        public boolean isFeasible() {
            int due = 0; // leases with a slack of at most k
            for (int k = 0; k < bySlack.length; k++) {
                due += bySlack[k];
                if (due > (k + 1) * rule.groupsPerStep) {
                    return false;
                }
            }
            return !overdue;
        }
    }
}
