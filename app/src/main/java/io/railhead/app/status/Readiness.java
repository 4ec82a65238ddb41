package io.railhead.app.status;

import io.railhead.actors.cluster.Role;
import io.railhead.actors.protocol.HeadStatus;
import io.railhead.actors.protocol.Incarnation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether a node does its part: it has joined, a head answers, its rollout and reward actors are of the present life,
/// and its rollout workers go on saying which weights they serve.
final class Readiness {
    private Readiness() {}

    /// @return why it does not; empty if it does
    static List<String> lacks(NodeSources node, String clusterStatus, Optional<HeadStatus> head, Instant now) {
        List<String> lacks = new ArrayList<>();
        if (!clusterStatus.equals(ClusterView.UP)) {
            lacks.add("in the cluster this node is " + clusterStatus);
        }
        if (head.isEmpty()) {
            lacks.add("no head of the run answers");
        }
        if (node.roles().contains(Role.ROLLOUT) || node.roles().contains(Role.REWARD)) {
            Incarnation own = node.life().get();
            head.map(HeadStatus::life)
                    .filter(present -> !present.equals(own))
                    .ifPresent(present -> lacks.add("the run is in %s, this node in %s".formatted(present, own)));
        }
        if (node.roles().contains(Role.ROLLOUT)) {
            long heard = node.gauges().workers().values().stream()
                    .filter(worker -> Duration.between(worker.heard(), now).compareTo(node.silence()) <= 0)
                    .count();
            if (heard < node.engines()) {
                lacks.add("%d of %d rollout workers serve weights".formatted(heard, node.engines()));
            }
        }
        return lacks;
    }
}
