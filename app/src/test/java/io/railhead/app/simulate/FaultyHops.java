package io.railhead.app.simulate;

import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.RewardCommand;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.virtual.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// What may befall a message on a hop that is at-most-once by design, and a worker, until all is quiet again: lost,
/// doubled, late (and so out of order), held back while a worker is frozen, cut off with its node; a worker crashes.
///
/// Between learner and controller, which live on one node, only what they are documented to repeat is touched.
final class FaultyHops implements Hops {
    /// From `from` to `to`, a worker hears and says nothing: all is lost (a partition), or comes afterwards (frozen).
    private record Silence(Duration from, Duration to, boolean frozen) {}

    /// A worker that crashes, as an exception of its own.
    static final class Crash extends RuntimeException {
        Crash() {
            super("crash by schedule", null, false, false);
        }
    }

    private final VirtualTime time;
    private final SplittableRandom random;
    private final Duration quietFrom;
    private final Consumer<StageCommand> sent;
    private final Consumer<String> crashed;
    private final Map<String, Silence> silences = new HashMap<>();
    private final Map<String, ActorRef<RolloutCommand>> inbound = new HashMap<>();
    private final List<Duration> crashes = new ArrayList<>();

    /// @param quietFrom when faults end
    /// @param sent hears what is sent to the stage controller
    /// @param crashed hears which worker did
    FaultyHops(
            VirtualTime time,
            SplittableRandom random,
            int workers,
            Duration quietFrom,
            Consumer<StageCommand> sent,
            Consumer<String> crashed) {
        this.time = time;
        this.random = random;
        this.quietFrom = quietFrom;
        this.sent = sent;
        this.crashed = crashed;
        for (int i = 0; i < workers; i++) {
            if (random.nextInt(2) == 0) {
                Duration from = part(quietFrom);
                silences.put(
                        "worker-000" + i,
                        new Silence(from, from.plus(part(Duration.ofSeconds(20))), random.nextBoolean()));
            }
            crashes.add(random.nextInt(3) == 0 ? part(quietFrom) : Duration.ofDays(1));
        }
    }

    private Duration part(Duration whole) {
        return Duration.ofNanos(random.nextLong(whole.toNanos()));
    }

    @Override
    public ActorRef<StageCommand> toStage(ActorContext<?> context, String from, ActorRef<StageCommand> stage) {
        return link(context, from + "-to-stage", from, stage, command -> {
            sent.accept(command);
            return command instanceof StageCommand.RequestLeases(String id, var serving, int free, var worker)
                    ? new StageCommand.RequestLeases(id, serving, free, inboundOf(id, worker))
                    : command;
        });
    }

    @Override
    public ActorRef<RewardCommand> toRewards(ActorContext<?> context, String from, ActorRef<RewardCommand> rewards) {
        return link(context, from + "-to-rewards", from, rewards, UnaryOperator.identity());
    }

    @Override
    public ActorRef<LearnerCommand> toLearner(ActorContext<?> context, ActorRef<LearnerCommand> learner) {
        return link(context, "rewards-to-learner", "rewards", learner, UnaryOperator.identity());
    }

    @Override
    public ActorRef<RolloutCommand> toWorker(ActorContext<?> context, String id, ActorRef<RolloutCommand> worker) {
        ActorRef<RolloutCommand> link = link(context, "to-" + id, id, worker, UnaryOperator.identity());
        inbound.put(id, link);
        return link;
    }

    @Override
    public Behavior<RolloutCommand> around(String id, Behavior<RolloutCommand> worker) {
        int ordinal = Integer.parseInt(id.substring(id.length() - 1));
        BehaviorInterceptor<RolloutCommand, RolloutCommand> crashing = new BehaviorInterceptor<>(RolloutCommand.class) {
            @Override
            public Behavior<RolloutCommand> aroundReceive(
                    TypedActorContext<RolloutCommand> context,
                    RolloutCommand message,
                    ReceiveTarget<RolloutCommand> target) {
                if (time.elapsed().compareTo(crashes.get(ordinal)) >= 0) {
                    crashes.set(ordinal, Duration.ofDays(1));
                    crashed.accept(id);
                    throw new Crash();
                }
                return target.apply(context, message);
            }
        };
        return Behaviors.supervise(Behaviors.intercept(() -> crashing, worker))
                .onFailure(Crash.class, SupervisorStrategy.restart().withLoggingEnabled(false));
    }

    /// The controller watches whom it tells of leases; a link never stops, as a worker never does for good.
    private ActorRef<RolloutCommand> inboundOf(String id, ActorRef<RolloutCommand> worker) {
        return inbound.getOrDefault(id, worker);
    }

    private <T> ActorRef<T> link(
            ActorContext<?> context, String name, String peer, ActorRef<T> target, UnaryOperator<T> rewrite) {
        return context.spawn(
                Behaviors.receiveMessage(message -> {
                    pass(peer, rewrite.apply(message), target);
                    return Behaviors.same();
                }),
                name);
    }

    private <T> void pass(String peer, T message, ActorRef<T> target) {
        Duration now = time.elapsed();
        boolean calm = now.compareTo(quietFrom) >= 0 || isLocal(peer, message);
        Silence silence = silences.get(peer);
        if (silence != null && now.compareTo(silence.from()) >= 0 && now.compareTo(silence.to()) < 0) {
            if (silence.frozen()) {
                deliver(silence.to().minus(now), message, target);
            }
            return;
        }
        if (calm) {
            deliver(Duration.ZERO, message, target);
            return;
        }
        int fate = random.nextInt(100);
        if (fate < 5) {
            return;
        }
        Duration delay = fate < 25 ? part(Duration.ofSeconds(3)) : Duration.ZERO;
        deliver(delay, message, target);
        if (fate < 10) {
            deliver(part(Duration.ofSeconds(5)), message, target);
        }
    }

    private <T> void deliver(Duration delay, T message, ActorRef<T> target) {
        if (delay.isZero()) {
            target.tell(message);
        } else {
            time.after(delay, () -> target.tell(message));
        }
    }

    /// What learner and controller tell each other inside one node, and do not repeat.
    private static boolean isLocal(String peer, Object message) {
        return peer.equals("learner")
                && !(message instanceof StageCommand.SampleArrived)
                && !(message instanceof StageCommand.GroupReady)
                && !(message instanceof StageCommand.SampleFailed);
    }
}
