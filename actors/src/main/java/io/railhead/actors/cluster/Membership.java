package io.railhead.actors.cluster;

import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/// Whose nodes are members of the cluster, as this node has heard.
///
/// A node that begins anew at the address of one that was removed can send before it is a member here, and until then
/// Pekko takes whoever is watched at that address for terminated at once. So a watch is worth something for members
/// alone.
@FunctionalInterface
public interface Membership {
    /// Of a system that knows no other nodes.
    Membership EVERYONE = _ -> true;

    boolean includes(ActorRef<?> actor);

    /// Of a system in a cluster; actors of this node are always included.
    static Membership of(ActorSystem<?> system) {
        if (system.address().hasLocalScope()) {
            return EVERYONE;
        }
        Cluster cluster = Cluster.get(system);
        return actor -> {
            Address address = actor.path().address();
            return address.hasLocalScope() || hasMember(cluster, address);
        };
    }

    private static boolean hasMember(Cluster cluster, Address address) {
        for (Member member : cluster.state().getMembers()) {
            if (member.address().equals(address)) {
                return !member.status().equals(MemberStatus.joining())
                        && !member.status().equals(MemberStatus.down());
            }
        }
        return false;
    }
}
