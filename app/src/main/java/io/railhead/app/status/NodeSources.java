package io.railhead.app.status;

import io.railhead.actors.cluster.Role;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.telemetry.DeadLetterCounter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Where a node's own facts come from; each may be asked from any thread.
///
/// @param address of the node, for people
/// @param engines how many rollout workers the node has in a life
/// @param silence a rollout worker that said nothing for so long does not answer
/// @param plannedBytes what stays in memory as long as the node lives, by device and owner
/// @param life the newest one that the node's rollout and reward actors take part in
/// @param run the directory of the run; empty on a node that has none
public record NodeSources(
        String address,
        Set<Role> roles,
        int engines,
        Duration silence,
        Supplier<Incarnation> life,
        Supplier<Optional<HeldWeights>> weights,
        Supplier<DeadLetterCounter.Counts> lost,
        NodeGauges gauges,
        Map<String, Long> plannedBytes,
        Optional<Path> run) {
    public NodeSources {
        roles = Set.copyOf(roles);
        plannedBytes = Collections.unmodifiableMap(new LinkedHashMap<>(plannedBytes));
    }
}
