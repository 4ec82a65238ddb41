package io.railhead.actors.telemetry;

import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.RunFact.StepFinished;
import java.util.Map;
import java.util.TreeMap;

/// Adds to each train step what of the leases that ended since the one before was dropped, and how it differs from
/// what was trained: the metrics `dropped/...`, of [DroppedWork]. Not thread-safe.
final class DroppedResponses {
    private final LeaseHistory history = new LeaseHistory();

    /// The fact itself; a train step with what ended since the one before.
    RunFact complete(RunFact fact) {
        history.add(fact);
        if (!(fact instanceof StepFinished step)) {
            return fact;
        }
        DroppedWork dropped = DroppedWork.of(history.ended(), _ -> DroppedWork.UNKNOWN);
        history.forgetEnded();
        if (dropped.leases() == 0) {
            return step;
        }
        Map<String, Double> metrics = new TreeMap<>(step.metrics());
        metrics.putAll(dropped.metrics());
        return new StepFinished(step.version(), step.stage(), step.trained(), step.ledger(), metrics);
    }
}
