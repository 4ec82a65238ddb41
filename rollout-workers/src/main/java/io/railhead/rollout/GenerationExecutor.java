package io.railhead.rollout;

import io.railhead.actors.protocol.Lease;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.PromptRejectedException;
import io.railhead.policy.WeightsSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/// Owns one generation engine: makes it, calls it and closes it on its own thread.
///
/// The conversation: it reports `EngineReady` once, then decodes one token of every running sequence per `DECODE`, a
/// message it sends itself while there is work, at once or when the engine is quiet no more. So whatever arrives
/// meanwhile (leases, cancellations, weights) acts
/// between two tokens, in the order of arrival, and a swap waits for one decode step at most.
///
/// It has no failure handling: whatever the engine or its factory throws ends this actor, which closes the engine. The
/// parent sees that with its cause, knows what was lost, and starts another. Only a prompt that the engine refuses is
/// reported and forgotten.
///
/// Needs a pinned dispatcher whose thread is never given back while the actor lives. Does not know: other roles.
final class GenerationExecutor extends AbstractMatchingBehavior<GenerationExecutor.Command> {
    sealed interface Command {}

    /// Submit together, in this order.
    record Submit(List<Lease> leases) implements Command {
        Submit {
            leases = List.copyOf(leases);
        }
    }

    record Cancel(List<String> requestIds) implements Command {
        Cancel {
            requestIds = List.copyOf(requestIds);
        }
    }

    /// Serve this version from the next token on, or, if the engine drains, from the next sequence on. An older one
    /// than
    /// the present is ignored.
    record Swap(PolicyVersion version) implements Command {}

    private enum Tick implements Command {
        DECODE
    }

    /// What the parent hears.
    sealed interface Report extends RolloutWorker.Event {}

    record EngineReady(PolicyVersion version, int slots) implements Report {}

    record SequenceFinished(FinishedSequence sequence) implements Report {}

    record PromptRefused(String requestId, String cause) implements Report {}

    record Swapped(PolicyVersion version) implements Report {}

    private final TimerScheduler<Command> timers;
    private final ActorRef<? super Report> parent;
    private final Function<PolicyVersion, WeightsSnapshot> weights;
    private final GenerationEngine engine;
    private PolicyVersion reported; // the parent knows of
    private boolean ticking;

    /// @param atLeast the version to swap to before the first token, if the engine is not made with it
    static Behavior<Command> create(
            Supplier<GenerationEngine> engines,
            Function<PolicyVersion, WeightsSnapshot> weights,
            PolicyVersion atLeast,
            ActorRef<? super Report> parent) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            GenerationEngine engine = engines.get();
            try {
                if (atLeast.compareTo(engine.version()) > 0) {
                    engine.swap(weights.apply(atLeast));
                }
                return new GenerationExecutor(context, timers, engine, weights, parent);
            } catch (RuntimeException e) {
                engine.close(); // no PostStop without a behavior
                throw e;
            }
        }));
    }

    private GenerationExecutor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            GenerationEngine engine,
            Function<PolicyVersion, WeightsSnapshot> weights,
            ActorRef<? super Report> parent) {
        super(context);
        this.timers = timers;
        this.engine = engine;
        this.weights = weights;
        this.parent = parent;
        this.reported = engine.version();
        parent.tell(new EngineReady(reported, engine.slots()));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        return switch (command) {
            case Submit(List<Lease> leases) -> onSubmit(leases);
            case Cancel(List<String> requestIds) -> onCancel(requestIds);
            case Swap(PolicyVersion version) -> onSwap(version);
            case Tick.DECODE -> onDecode();
        };
    }

    @Override
    public Behavior<Command> onSignal(Signal signal) {
        if (signal instanceof PostStop) {
            engine.close();
        }
        return this;
    }

    private Behavior<Command> onSubmit(List<Lease> leases) {
        for (Lease lease : leases) {
            String id = LeaseInHand.requestId(lease);
            try {
                engine.submit(new GenerationRequest(
                        id, lease.task().prompt(), lease.sampleIndices(), lease.sampling(), lease.seed()));
            } catch (PromptRejectedException e) {
                parent.tell(new PromptRefused(id, String.valueOf(e.getMessage())));
            }
        }
        return ticking();
    }

    private Behavior<Command> onCancel(List<String> requestIds) {
        requestIds.forEach(engine::cancel);
        reportingVersion();
        return ticking();
    }

    private Behavior<Command> onSwap(PolicyVersion version) {
        if (version.compareTo(engine.version()) > 0) {
            engine.swap(weights.apply(version));
        }
        reportingVersion();
        return ticking();
    }

    private Behavior<Command> onDecode() {
        ticking = false;
        engine.step().forEach(sequence -> parent.tell(new SequenceFinished(sequence)));
        engine.refused().forEach(refusal -> parent.tell(new PromptRefused(refusal.requestId(), refusal.cause())));
        reportingVersion();
        return ticking();
    }

    /// An engine that drains takes new weights only when its running sequences have ended.
    private Behavior<Command> reportingVersion() {
        if (engine.version().compareTo(reported) > 0) {
            reported = engine.version();
            parent.tell(new Swapped(reported));
        }
        return this;
    }

    /// Keeps a tick under way while there is work: now, or when the engine has something to do again.
    private Behavior<Command> ticking() {
        if (ticking || engine.pending() == 0) {
            return this;
        }
        Duration quiet = engine.quiet();
        if (quiet.isZero()) {
            ticking = true;
            getContext().getSelf().tell(Tick.DECODE);
        } else {
            timers.startSingleTimer(Tick.DECODE, quiet);
        }
        return this;
    }
}
