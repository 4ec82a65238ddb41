package io.railhead.actors.cluster;

import io.railhead.actors.cluster.Unreachables.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.AbstractActorWithTimers;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.Props;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.DowningProvider;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.remote.artery.ThisActorSystemQuarantinedEvent;
import scala.Option;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.DurationConverters;

/// Removes nodes that cannot be reached, by the rules of [Unreachables]; Pekko makes it by its name. The leader
/// among the members that can be reached does it. A node that others have removed, or that is lost, removes itself,
/// which ends it.
public final class UnreachableDowning extends DowningProvider {
    private final Duration stableAfter;
    private final Duration removalMargin;

    /// Called by Pekko.
    public UnreachableDowning(ActorSystem system) {
        var config = system.settings().config();
        this.stableAfter = config.getDuration("pekko.cluster.split-brain-resolver.stable-after");
        this.removalMargin = config.getDuration("pekko.cluster.down-removal-margin");
    }

    @Override
    public FiniteDuration downRemovalMargin() {
        return DurationConverters.toScala(removalMargin);
    }

    @Override
    public Option<Props> downingActorProps() {
        return Option.apply(Props.create(Remover.class, () -> new Remover(stableAfter)));
    }

    /// One a node; Pekko's own actors are not typed.
    private static final class Remover extends AbstractActorWithTimers {
        private static final Duration LOOK = Duration.ofMillis(500);

        private enum Tick {
            LOOK
        }

        private final Duration stableAfter;
        private final Cluster cluster = Cluster.get(getContext().getSystem());
        private final Set<String> seeds =
                Set.copyOf(getContext().getSystem().settings().config().getStringList("pekko.cluster.seed-nodes"));
        private final Map<String, Address> addresses = new HashMap<>();
        private Unreachables unreachables = Unreachables.none(Instant.now());

        Remover(Duration stableAfter) {
            this.stableAfter = stableAfter;
        }

        @Override
        public void preStart() {
            cluster.subscribe(
                    getSelf(),
                    ClusterEvent.initialStateAsEvents(),
                    ClusterEvent.MemberEvent.class,
                    ClusterEvent.ReachabilityEvent.class);
            getContext().getSystem().eventStream().subscribe(getSelf(), ThisActorSystemQuarantinedEvent.class);
            getTimers().startTimerWithFixedDelay(Tick.LOOK, Tick.LOOK, LOOK);
        }

        @Override
        public void postStop() {
            cluster.unsubscribe(getSelf());
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder()
                    .matchEquals(Tick.LOOK, _ -> look())
                    .match(ClusterEvent.UnreachableMember.class, event -> lost(event.member()))
                    .match(ClusterEvent.ReachableMember.class, event -> settled(event.member()))
                    .match(ClusterEvent.MemberRemoved.class, event -> settled(event.member()))
                    .match(ClusterEvent.MemberEvent.class, _ -> unreachables = unreachables.changed(Instant.now()))
                    .match(ThisActorSystemQuarantinedEvent.class, _ -> cluster.down(cluster.selfAddress()))
                    .build();
        }

        private void lost(Member member) {
            String node = name(member);
            addresses.put(node, member.address());
            unreachables = unreachables.lost(node, Instant.now());
        }

        private void settled(Member member) {
            String node = name(member);
            addresses.remove(node);
            unreachables = unreachables.settled(node, Instant.now()).changed(Instant.now());
        }

        private void look() {
            Instant now = Instant.now();
            boolean isUp = cluster.selfMember().status().equals(MemberStatus.up());
            if (!(isUp || isLeaving()) || !unreachables.isStable(now, stableAfter)) {
                return;
            }
            Set<String> due = unreachables.due(now, stableAfter);
            if (isUp && unreachables.isLost(standing(cluster.selfMember()), others())) {
                getContext()
                        .getSystem()
                        .log()
                        .warning(
                                "this node ends, to join the others again: its cluster has nobody left who leads or can be"
                                        + " joined; it cannot reach {}",
                                due);
                cluster.down(cluster.selfAddress());
            } else if (!due.isEmpty()
                    && cluster.selfAddress().equals(cluster.state().getLeader())) {
                due.forEach(node -> {
                    getContext().getSystem().log().warning("removing {}, which cannot be reached", node);
                    cluster.down(addresses.get(node));
                });
            } else {
                return;
            }
            unreachables = unreachables.changed(now);
        }

        /// Nobody can leave while somebody cannot be reached, and a member that leaves may be the leader.
        private boolean isLeaving() {
            return cluster.selfMember().status().equals(MemberStatus.leaving());
        }

        private Map<String, Standing> others() {
            Map<String, Standing> others = new HashMap<>();
            cluster.state().getMembers().forEach(member -> others.put(name(member), standing(member)));
            others.remove(name(cluster.selfMember()));
            return others;
        }

        /// A node without seeds is the one that others join through.
        private Standing standing(Member member) {
            boolean isSeed = seeds.contains(member.address().toString())
                    || (seeds.isEmpty() && member.equals(cluster.selfMember()));
            return new Standing(member.hasRole(Role.CONTROLLER.label()), isSeed);
        }

        private static String name(Member member) {
            return member.uniqueAddress().toString();
        }
    }
}
