package io.railhead.actors.protocol;

import io.railhead.policy.PolicyVersion;
import java.util.List;

/// What the stage controller says of the run when asked. `waits` names who waits for whom and since when.
public record RunStatus(
        PolicyVersion version, String stage, LedgerCounts ledger, int workers, Demand demand, List<Wait> waits)
        implements ControlMessage {
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
