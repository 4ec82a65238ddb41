package io.railhead.app.crash;

import static java.util.Objects.requireNonNull;

import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.Lease;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.protocol.WeightsCommand.ToPublisher;
import io.railhead.policy.WeightsSnapshot;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/// A rollout worker, its reward actor and the weights' way to it in one: the other side of controller and learner.
final class UnigramWorker extends AbstractMatchingBehavior<UnigramWorker.Command> {
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final int SLOTS = 4;

    sealed interface Command {}

    /// The learner is there.
    record Learner(ActorRef<LearnerCommand> learner) implements Command {}

    private record FromStage(RolloutCommand command) implements Command {}

    private record FromLearner(ToPublisher command) implements Command {}

    private record Sample(Lease lease, int index) implements Command {}

    private enum Heartbeat implements Command {
        NOW
    }

    private final String id;
    private final ActorRef<StageCommand> stage;
    private final ActorRef<RolloutCommand> self;
    private final Supplier<WeightsSnapshot> newest;
    private final Set<LeaseId> revoked = new HashSet<>();
    private int running;
    private @Nullable ActorRef<LearnerCommand> learner;
    private @Nullable WeightsSnapshot served;

    /// @param newest the weights that were published last
    static Behavior<Command> create(String id, ActorRef<StageCommand> stage, Supplier<WeightsSnapshot> newest) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Heartbeat.NOW, HEARTBEAT);
            return new UnigramWorker(context, id, stage, newest);
        }));
    }

    private UnigramWorker(
            ActorContext<Command> context, String id, ActorRef<StageCommand> stage, Supplier<WeightsSnapshot> newest) {
        super(context);
        this.id = id;
        this.stage = stage;
        this.newest = newest;
        this.self = context.messageAdapter(RolloutCommand.class, FromStage::new);
    }

    /// Where a learner says that there are weights.
    static ActorRef<ToPublisher> publisher(ActorContext<?> parent, List<ActorRef<Command>> workers) {
        return parent.spawn(
                Behaviors.<ToPublisher>receiveMessage(message -> {
                    workers.forEach(worker -> worker.tell(new FromLearner(message)));
                    return Behaviors.same();
                }),
                "publisher");
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Learner(ActorRef<LearnerCommand> there) -> learner = there;
            case FromLearner _ -> {
                served = newest.get();
                ask();
            }
            case Heartbeat.NOW -> ask();
            case FromStage(RolloutCommand.LeasesGranted granted) ->
                granted.leases().forEach(this::take);
            case FromStage(RolloutCommand.LeasesRevoked(var leases)) -> revoked.addAll(leases);
            case FromStage _ -> {}
            case Sample(Lease lease, int index) -> sample(lease, index);
        }
        return this;
    }

    private void ask() {
        if (served != null) {
            stage.tell(new StageCommand.RequestLeases(id, served.version(), Math.max(0, SLOTS - running), self));
        }
    }

    private void take(Lease lease) {
        revoked.remove(lease.id()); // granted again
        for (int index : lease.sampleIndices()) {
            running++;
            getContext().getSelf().tell(new Sample(lease, index));
        }
    }

    private void sample(Lease lease, int index) {
        running--;
        if (!revoked.contains(lease.id())) {
            requireNonNull(learner)
                    .tell(new LearnerCommand.OfferTrajectory(UnigramTask.rollout(
                            lease.id(),
                            lease.attempt(),
                            lease.stage(),
                            lease.task(),
                            lease.seed(),
                            index,
                            requireNonNull(served))));
        }
        if (running == 0) {
            ask();
        }
    }
}
