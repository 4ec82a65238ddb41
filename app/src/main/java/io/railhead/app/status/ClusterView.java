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
/// @param status of this node
record ClusterView(String status, List<Node> members) {
    /// @param status joining, up, leaving, ...
    /// @param reachable whether heartbeats of it arrive here or at another member
    record Node(String address, List<String> roles, String status, boolean reachable) {}

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
        List<Node> nodes = new ArrayList<>();
        for (Member member : state.getMembers()) {
            nodes.add(new Node(
                    nameOf(member.address()),
                    roles(member),
                    status(member),
                    !state.getUnreachable().contains(member)));
        }
        nodes.sort(Comparator.comparing(Node::address));
        return new ClusterView(status(cluster.selfMember()), nodes);
    }

    long unreachable() {
        return members.stream().filter(node -> !node.reachable()).count();
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
