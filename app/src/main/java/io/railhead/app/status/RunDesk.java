package io.railhead.app.status;

import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.protocol.HeadCommand;
import io.railhead.actors.protocol.HeadStatus;
import io.railhead.actors.protocol.RunStatus.Wait;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/// Asks the run's head, wherever it is, how the run is. One a node.
///
/// The conversation: it knows the heads from the receptionist (one; for a moment two, when one takes over). Each
/// question goes to all of them and is answered when all have answered or the deadline is over, with the answer of
/// the newest life, and with those who did not answer and since when.
///
/// Nothing is lost with it but open questions, which time out at whoever asked. Does not know: what the answers mean.
final class RunDesk extends AbstractMatchingBehavior<RunDesk.Command> {
    sealed interface Command {}

    record Ask(ActorRef<Answer> replyTo) implements Command {}

    /// @param leader the node of the head that answered, as `HOST:PORT`
    /// @param leads whether that is this node
    /// @param silent who did not answer, and since when
    record Answer(Optional<HeadStatus> status, Optional<String> leader, boolean leads, List<Wait> silent) {}

    /// Are this node's actors at work? Answered at once.
    record Ping(ActorRef<Pong> replyTo) implements Command {}

    enum Pong {
        HERE
    }

    private record HeadsFound(Set<ActorRef<HeadCommand>> heads) implements Command {}

    private record Heard(long question, ActorRef<HeadCommand> head, Optional<HeadStatus> status) implements Command {}

    private record Question(ActorRef<Answer> asker, int open, List<Heard> heard) {}

    private final String node;
    private final Duration deadline;
    private final InstantSource clock;
    private final Map<Long, Question> questions = new HashMap<>();
    private final Map<ActorRef<HeadCommand>, Instant> lastHeard = new HashMap<>(); // or when it was found
    private Instant noneSince;
    private long next;

    /// @param node the name of this node, in answers
    /// @param deadline for a head's answer
    static Behavior<Command> create(String node, Duration deadline, InstantSource clock) {
        return Behaviors.setup(context -> new RunDesk(context, node, deadline, clock));
    }

    private RunDesk(ActorContext<Command> context, String node, Duration deadline, InstantSource clock) {
        super(context);
        this.node = node;
        this.deadline = deadline;
        this.clock = clock;
        this.noneSince = clock.instant();
        ActorRef<Receptionist.Listing> found = context.messageAdapter(
                Receptionist.Listing.class, listing -> new HeadsFound(listing.getServiceInstances(ServiceKeys.HEAD)));
        context.getSystem().receptionist().tell(Receptionist.subscribe(ServiceKeys.HEAD, found));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        return switch (command) {
            case Ask(ActorRef<Answer> replyTo) -> onAsk(replyTo);
            case Ping(ActorRef<Pong> replyTo) -> onPing(replyTo);
            case HeadsFound(Set<ActorRef<HeadCommand>> heads) -> onHeadsFound(heads);
            case Heard heard -> onHeard(heard);
        };
    }

    private Behavior<Command> onAsk(ActorRef<Answer> replyTo) {
        if (lastHeard.isEmpty()) {
            Wait wait = new Wait(node, "a node that leads the run", noneSince.toString());
            replyTo.tell(new Answer(Optional.empty(), Optional.empty(), false, List.of(wait)));
            return this;
        }
        long question = next++;
        questions.put(question, new Question(replyTo, lastHeard.size(), List.of()));
        for (ActorRef<HeadCommand> head : lastHeard.keySet()) {
            getContext()
                    .ask(
                            HeadStatus.class,
                            head,
                            deadline,
                            HeadCommand.GetStatus::new,
                            (status, _) -> new Heard(question, head, Optional.ofNullable(status)));
        }
        return this;
    }

    private Behavior<Command> onPing(ActorRef<Pong> replyTo) {
        replyTo.tell(Pong.HERE);
        return this;
    }

    private Behavior<Command> onHeadsFound(Set<ActorRef<HeadCommand>> heads) {
        Instant now = clock.instant();
        if (heads.isEmpty() && !lastHeard.isEmpty()) {
            noneSince = now;
        }
        lastHeard.keySet().retainAll(heads);
        heads.forEach(head -> lastHeard.putIfAbsent(head, now));
        return this;
    }

    private Behavior<Command> onHeard(Heard heard) {
        if (heard.status().isPresent()) {
            lastHeard.replace(heard.head(), clock.instant());
        }
        Question before = questions.get(heard.question());
        if (before == null) {
            return this;
        }
        List<Heard> all = new ArrayList<>(before.heard());
        all.add(heard);
        if (all.size() < before.open()) {
            questions.put(heard.question(), new Question(before.asker(), before.open(), all));
        } else {
            questions.remove(heard.question());
            before.asker().tell(answer(all));
        }
        return this;
    }

    private Answer answer(List<Heard> all) {
        Optional<Heard> newest = all.stream()
                .filter(heard -> heard.status().isPresent())
                .max(Comparator.comparing(heard -> heard.status().orElseThrow().life()));
        return new Answer(
                newest.flatMap(Heard::status),
                newest.map(heard -> nameOf(heard.head())),
                newest.map(heard -> isHere(heard.head())).orElse(false),
                all.stream()
                        .filter(heard -> heard.status().isEmpty())
                        .map(heard -> silence(heard.head()))
                        .toList());
    }

    private Wait silence(ActorRef<HeadCommand> head) {
        Instant since = lastHeard.getOrDefault(head, clock.instant());
        return new Wait(node, "an answer of the head at " + nameOf(head), since.toString());
    }

    private String nameOf(ActorRef<HeadCommand> head) {
        Address address = head.path().address();
        return isHere(head)
                ? node
                : address.getHost().orElse("?") + ":" + address.getPort().orElse(0);
    }

    private static boolean isHere(ActorRef<HeadCommand> head) {
        return head.path().address().hasLocalScope();
    }
}
