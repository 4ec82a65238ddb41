package io.railhead.app.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.protocol.HeadCommand;
import io.railhead.actors.protocol.HeadStatus;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RunStatus;
import io.railhead.actors.protocol.RunStatus.Wait;
import io.railhead.policy.PolicyVersion;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunDeskTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final ActorTestKit kit = ActorTestKit.create();
    private final TestProbe<RunDesk.Answer> asker = kit.createTestProbe();

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void withoutAHeadItSaysSinceWhen() {
        assertThat(askUntil(desk(PATIENCE), _ -> true))
                .isEqualTo(new RunDesk.Answer(
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        List.of(new Wait("here", "a node that leads the run", NOW.toString()))));
    }

    @Test
    void aHeadThatSaysNothingIsNamedAfterTheDeadline() {
        head(Behaviors.ignore());
        Wait wait = new Wait("here", "an answer of the head at here", NOW.toString());

        assertThat(askUntil(desk(Duration.ofMillis(50)), a -> a.silent().contains(wait)))
                .isEqualTo(new RunDesk.Answer(Optional.empty(), Optional.empty(), false, List.of(wait)));
    }

    @Test
    void ofTwoHeadsTheOneOfTheNewerLifeCounts() {
        ActorRef<RunDesk.Command> desk = desk(PATIENCE);
        head(answering(status(4)));
        askUntil(desk, answer -> answer.status().equals(Optional.of(status(4))));
        ActorRef<HeadCommand> older = head(answering(status(3)));
        TestProbe<Receptionist.Listing> listings = kit.createTestProbe();
        kit.system().receptionist().tell(Receptionist.subscribe(ServiceKeys.HEAD, listings.ref()));
        Receptionist.Listing listing = listings.receiveMessage(PATIENCE);
        while (!listing.getServiceInstances(ServiceKeys.HEAD).contains(older)) {
            listing = listings.receiveMessage(PATIENCE);
        }

        assertThat(askUntil(desk, _ -> true))
                .isEqualTo(new RunDesk.Answer(Optional.of(status(4)), Optional.of("here"), true, List.of()));
    }

    private static Behavior<HeadCommand> answering(HeadStatus status) {
        return Behaviors.receiveMessage(command -> {
            if (command instanceof HeadCommand.GetStatus(ActorRef<HeadStatus> replyTo)) {
                replyTo.tell(status);
            }
            return Behaviors.same();
        });
    }

    private static HeadStatus status(long life) {
        RunStatus run =
                new RunStatus(new PolicyVersion(life), "flat", LedgerCounts.ZERO, 0, RunStatus.Demand.NONE, List.of());
        return new HeadStatus(new Incarnation(life), List.of("node-1"), run);
    }

    private ActorRef<RunDesk.Command> desk(Duration deadline) {
        return kit.spawn(RunDesk.create("here", deadline, InstantSource.fixed(NOW)));
    }

    private ActorRef<HeadCommand> head(Behavior<HeadCommand> behavior) {
        ActorRef<HeadCommand> head = kit.spawn(behavior);
        kit.system().receptionist().tell(Receptionist.register(ServiceKeys.HEAD, head));
        return head;
    }

    /// It may take the desk a moment to hear of a head.
    private RunDesk.Answer askUntil(ActorRef<RunDesk.Command> desk, Predicate<RunDesk.Answer> wanted) {
        Instant deadline = Instant.now().plus(PATIENCE);
        RunDesk.Answer answer;
        do {
            desk.tell(new RunDesk.Ask(asker.ref()));
            answer = asker.receiveMessage(PATIENCE);
        } while (!wanted.test(answer) && Instant.now().isBefore(deadline));
        return answer;
    }
}
