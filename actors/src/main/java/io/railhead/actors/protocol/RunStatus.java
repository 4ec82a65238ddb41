package io.railhead.actors.protocol;

import io.railhead.policy.PolicyVersion;
import java.util.List;

/// What the stage controller says of the run when asked. `waits` names who waits for whom and since when.
public record RunStatus(PolicyVersion version, String stage, LedgerCounts ledger, int workers, List<Wait> waits)
        implements ControlMessage {
    public record Wait(String who, String forWhat, String since) {}

    public RunStatus {
        waits = List.copyOf(waits);
    }
}
