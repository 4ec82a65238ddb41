package io.railhead.actors.protocol;

import io.railhead.policy.PolicyVersion;
import java.util.List;

/// What the stage controller says of the run when asked. `waits` names who waits for whom and since when.
public record RunStatus(
        PolicyVersion version,
        String stage,
        LedgerCounts ledger,
        int workers,
        Demand demand,
        List<Wait> waits,
        Alerts alerts)
        implements ControlMessage {
    /// Without an alert.
    public RunStatus(
            PolicyVersion version, String stage, LedgerCounts ledger, int workers, Demand demand, List<Wait> waits) {
        this(version, stage, ledger, workers, demand, waits, Alerts.NONE);
    }

    /// @param alert one of those in `docs/alerts.md`
    public record Alert(String alert, String owner, String detail, String since) {}

    /// @param present alerts that are not over
    /// @param raised in this life of the run, those that are over included
    public record Alerts(List<Alert> present, long raised) {
        public static final Alerts NONE = new Alerts(List.of(), 0);

        public Alerts {
            present = List.copyOf(present);
        }
    }

    public record Wait(String who, String forWhat, String since) {}

    /// How much rollout workers have to do, and how much more they could.
    ///
    /// @param backlog leases that nobody has and that a worker with room would be given now
    /// @param generating leases that workers have
    /// @param ready leases that are whole at the learner
    /// @param permits samples that workers asked for and were not given
    public record Demand(int backlog, int generating, int ready, long permits) {
        public static final Demand NONE = new Demand(0, 0, 0, 0);
    }

    public RunStatus {
        waits = List.copyOf(waits);
    }
}
