package io.railhead.app.run;

import io.railhead.actors.cluster.ClusterSettings;
import io.railhead.actors.cluster.Role;
import io.railhead.actors.protocol.HeadCommand;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.MemberCommand;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.policy.PolicyVersion;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.ClusterSingletonSettings;
import org.apache.pekko.cluster.typed.SingletonActor;

/// The top of a cluster node.
///
/// | role | child | where |
/// |---|---|---|
/// | controller | [Head] | cluster singleton: on the oldest node with the role, else on the next one |
/// | learner | [NodeMember] | cluster singleton |
/// | rollout, reward | [NodeMember] | on every node with the role |
///
/// The node ends with the run, when it cannot go on, or on `Stop`: with the head on it the step in hand is
/// committed, and the run is over if no other node can lead it; a rollout node hands back what it does not finish
/// in time.
///
/// Does not know: lives, what the roles do.
final class ClusterGuardian extends AbstractMatchingBehavior<Guardian.Command> {
    private record HeadSays(Head.Word word) implements Guardian.Internal {}

    private record MemberOver(RunEnded end) implements Guardian.Internal {}

    private final CompletableFuture<RunEnded> ended;
    private Optional<ActorRef<HeadCommand>> head = Optional.empty();
    private Optional<ActorRef<MemberCommand>> member = Optional.empty();

    /// @param ended completed once, with why the node ends
    static Behavior<Guardian.Command> create(
            ClusterSettings settings, NodeLives lives, CompletableFuture<RunEnded> ended) {
        return Behaviors.setup(context -> new ClusterGuardian(context, settings, lives, ended));
    }

    private ClusterGuardian(
            ActorContext<Guardian.Command> context,
            ClusterSettings settings,
            NodeLives lives,
            CompletableFuture<RunEnded> ended) {
        super(context);
        this.ended = ended;
        ActorRef<Guardian.Command> self = context.getSelf();
        Consumer<RunEnded> over = end -> self.tell(new MemberOver(end));
        String address = NodeLives.nameOf(context.getSystem().address());
        Set<Role> served = EnumSet.noneOf(Role.class);
        served.addAll(settings.roles());
        if (served.remove(Role.CONTROLLER)) {
            ActorRef<Head.Word> words = context.messageAdapter(Head.Word.class, HeadSays::new);
            singleton(Role.CONTROLLER, Head.create(lives.charge(address, words)), "head");
        }
        if (served.remove(Role.LEARNER)) {
            singleton(Role.LEARNER, lives.member("learner-" + address, EnumSet.of(Role.LEARNER), over), "learner");
        }
        if (!served.isEmpty()) {
            member = Optional.of(context.spawn(lives.member("node-" + address, served, over), "member"));
        }
    }

    @Override
    public Behavior<Guardian.Command> onMessage(Guardian.Command command) {
        return switch (command) {
            case Guardian.Stop _ -> onStop();
            case Guardian.AskStatus _ -> this; // a cluster's run is asked for at its head
            case Guardian.Internal internal -> onEvent(internal);
        };
    }

    private Behavior<Guardian.Command> onEvent(Guardian.Internal event) {
        switch (event) {
            case HeadSays(Head.Leads(ActorRef<HeadCommand> here)) -> head = Optional.of(here);
            case HeadSays(Head.LeadsNoMore _) -> head = Optional.empty();
            case HeadSays(Head.NodeEnds(RunEnded end)) -> ended.complete(end);
            case MemberOver(RunEnded end) -> onMemberOver(end);
            case Guardian.Internal other -> throw new IllegalStateException("not of this guardian: " + other);
        }
        return this;
    }

    /// The head tells the members first, those of its own node among them, and goes last.
    private void onMemberOver(RunEnded end) {
        if (head.isEmpty() || end.outcome() == RunEnded.Outcome.FAILED) {
            ended.complete(end);
        }
    }

    private Behavior<Guardian.Command> onStop() {
        if (head.isPresent()) {
            head.get().tell(new Head.StopLeading(anotherCouldLead()));
        } else if (member.isPresent()) {
            member.get().tell(new NodeMember.Drain());
        } else {
            ended.complete(new RunEnded(PolicyVersion.BASE, LedgerCounts.ZERO, RunEnded.Outcome.STOPPED, ""));
        }
        return this;
    }

    private boolean anotherCouldLead() {
        Cluster cluster = Cluster.get(getContext().getSystem());
        return StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
                .filter(other ->
                        !other.uniqueAddress().equals(cluster.selfMember().uniqueAddress()))
                .anyMatch(other ->
                        other.hasRole(Role.CONTROLLER.label()) && other.status().equals(MemberStatus.up()));
    }

    private <T> void singleton(Role role, Behavior<T> behavior, String name) {
        ClusterSingleton.get(getContext().getSystem())
                .init(SingletonActor.of(behavior, name)
                        .withProps(Props.empty().withDispatcherFromConfig("railhead.blocking-dispatcher"))
                        .withSettings(
                                ClusterSingletonSettings.create(getContext().getSystem())
                                        .withRole(role.label())));
    }
}
