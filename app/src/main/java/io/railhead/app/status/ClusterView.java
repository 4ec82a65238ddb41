package io.railhead.app.status;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;

/// The members of the cluster as this node sees them.
///
/// @param status of this node: joining, up, leaving, ...
record ClusterView(String status, List<NodeStatus.Member> members) {
    static final String UP = "up";

    private static final ClusterView ALONE = new ClusterView(UP, List.of());

    ClusterView {
        members = List.copyOf(members);
    }

    /// A system without remoting is up, and alone.
    static ClusterView of(ActorSystem<?> system) {
        if (system.address().hasLocalScope()) {
            return ALONE;
        }
        Cluster cluster = Cluster.get(system);
        CurrentClusterState state = cluster.state();
        List<NodeStatus.Member> nodes = new ArrayList<>();
        for (Member member : state.getMembers()) {
            nodes.add(new NodeStatus.Member(
                    nameOf(member.address()),
                    roles(member),
                    status(member),
                    !state.getUnreachable().contains(member)));
        }
        nodes.sort(Comparator.comparing(NodeStatus.Member::address));
        return new ClusterView(status(cluster.selfMember()), nodes);
    }

    private static List<String> roles(Member member) {
        TreeSet<String> roles = new TreeSet<>(member.getRoles());
        roles.removeIf(role -> role.startsWith("dc-")); // of Pekko: its data centre
        return List.copyOf(roles);
    }

    private static String status(Member member) {
        return member.status().toString().toLowerCase(Locale.ROOT);
    }

    static String nameOf(Address address) {
        return address.getHost().orElse("local") + ":" + address.getPort().orElse(0);
    }
}
