package io.railhead.app.status;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RunStatus;
import io.railhead.actors.telemetry.DeadLetterCounter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All that a node says of itself and of the run, as `/status` shows it. Names become `snake_case` there.
///
/// @param notReady why the node is not ready; empty if it is
/// @param life of the run that the node's actors are of; 0 if of none
/// @param leader HOST:PORT of the node whose head answered; absent if none did
/// @param leads whether that is this node
/// @param waits who waits for whom, the run's first
public record NodeStatus(
        String node,
        List<String> roles,
        double uptimeSeconds,
        List<String> notReady,
        long life,
        Optional<String> leader,
        boolean leads,
        Optional<Run> run,
        List<Wait> waits,
        List<Member> members,
        DeadLetterCounter.Counts lost,
        Optional<Weights> weights,
        List<Worker> workers,
        Optional<Scores> scores,
        Optional<Recorded> recorded,
        Heap heap,
        Memory memory) {
    /// By the stage controller, through the head.
    public record Run(
            long life,
            long policyVersion,
            String stage,
            LedgerCounts ledger,
            RunStatus.Demand demand,
            int workers,
            List<String> members,
            RunStatus.Alerts alerts) {}

    /// @param since an instant in ISO 8601
    /// @param seconds since then
    public record Wait(String who, String forWhat, String since, double seconds) {}

    /// As this node sees it.
    ///
    /// @param status joining, up, leaving, ...
    /// @param reachable whether nobody misses its heartbeats
    public record Member(String address, List<String> roles, String status, boolean reachable) {}

    /// The newest weights that the node holds.
    public record Weights(long version, Optional<String> source, String address) {}

    /// A rollout worker of this node.
    ///
    /// @param silentSeconds since it said anything
    public record Worker(String id, long serving, int freeSamples, double silentSeconds) {}

    /// Of this node's reward actors, in rollouts.
    public record Scores(long waiting, long given, long failed) {}

    /// Of the run's present life, on the node that records it.
    ///
    /// @param newestStep metrics of the newest train step, see `docs/metrics.md`
    public record Recorded(Map<String, Long> troubles, long memoryShortages, Map<String, Double> newestStep) {
        public Recorded {
            troubles = Collections.unmodifiableMap(new LinkedHashMap<>(troubles));
            newestStep = Collections.unmodifiableMap(new LinkedHashMap<>(newestStep));
        }
    }

    public record Heap(long usedBytes, long maxBytes) {}

    /// Of this process.
    ///
    /// @param residentBytes absent where the system does not say
    /// @param plannedBytes what stays as long as the node lives, by device and owner; the rest of what is
    ///     resident is activations, other scratch and libraries
    public record Memory(Optional<Long> residentBytes, Map<String, Long> plannedBytes) {
        public Memory {
            plannedBytes = Collections.unmodifiableMap(new LinkedHashMap<>(plannedBytes));
        }
    }

    public NodeStatus {
        roles = List.copyOf(roles);
        notReady = List.copyOf(notReady);
        waits = List.copyOf(waits);
        members = List.copyOf(members);
        workers = List.copyOf(workers);
    }

    @JsonProperty
    public boolean ready() {
        return notReady.isEmpty();
    }
}
