package io.railhead.actors.telemetry;

import io.railhead.actors.pictures.PictureSource;
import io.railhead.actors.protocol.RecorderCommand;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.stage.PromptLoadException;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/// Writes a run's facts in the order of their arrival, and hands each to a listener. One per run; nobody waits
/// for it.
///
/// A train step's metrics get those of the responses sampled, and of the leases dropped, since the step before. It
/// owns the [RunRecord] and closes it when it stops. The listener runs on this actor's thread and gets every fact,
/// written or not.
///
/// A fact is in the files within [#DELAY], and at once with a train step, a flush or the recorder's end: what comes
/// close
/// together is written together. Who kills the process may so take the last facts with it, and nothing that was
/// committed.
///
/// - *recording* -> a write fails -> *not recording*: one line at ERROR, and `onWriteFailure` hears the cause once;
/// from
///   then on nothing is written, so that the log ends where it was whole
///
/// Delivery: at most once; a fact that is lost on its way is missing in the log, and the checkpoint is not the
/// poorer for it. Spawn it on [io.railhead.actors.cluster.Dispatchers#BLOCKING].
///
/// Does not know: what facts mean, whether a run without a record should go on.
public final class RunRecorder extends AbstractMatchingBehavior<RecorderCommand> {
    static final Duration DELAY = Duration.ofMillis(20);

    private static final int MOST_UNWRITTEN = 256; // facts

    /// Private messages.
    enum Event implements RecorderCommand.Internal {
        WRITE
    }

    private final RunRecord record;
    private final PictureSource pictures;
    private final Clock clock;
    private final Consumer<RunFact> listener;
    private final Consumer<IOException> onWriteFailure;
    private final SampledResponses sampled = new SampledResponses();
    private final DroppedResponses dropped = new DroppedResponses();
    private final List<RecordedFact> unwritten = new ArrayList<>();
    private final TimerScheduler<RecorderCommand> timers;
    private boolean recording = true;

    /// @param key under which others find it
    /// @param pictures of the trajectories: their bytes are not in what comes from other nodes
    public static Behavior<RecorderCommand> create(
            ServiceKey<RecorderCommand> key,
            RunRecord record,
            PictureSource pictures,
            Clock clock,
            Consumer<RunFact> listener,
            Consumer<IOException> onWriteFailure) {
        return Behaviors.withTimers(timers -> Behaviors.setup(
                context -> new RunRecorder(context, timers, key, record, pictures, clock, listener, onWriteFailure)));
    }

    private RunRecorder(
            ActorContext<RecorderCommand> context,
            TimerScheduler<RecorderCommand> timers,
            ServiceKey<RecorderCommand> key,
            RunRecord record,
            PictureSource pictures,
            Clock clock,
            Consumer<RunFact> listener,
            Consumer<IOException> onWriteFailure) {
        super(context);
        this.timers = timers;
        this.record = record;
        this.pictures = pictures;
        this.clock = clock;
        this.listener = listener;
        this.onWriteFailure = onWriteFailure;
        context.getSystem().receptionist().tell(Receptionist.register(key, context.getSelf()));
    }

    @Override
    public Behavior<RecorderCommand> onMessage(RecorderCommand message) {
        return switch (message) {
            case RecorderCommand.RecordFact recordFact -> onRecordFact(recordFact.fact());
            case RecorderCommand.Flush(PolicyVersion version, var replyTo) -> onFlush(version, replyTo);
            case Event _ -> onWrite();
            case RecorderCommand.Internal internal -> throw new IllegalStateException("not of this actor: " + internal);
        };
    }

    @Override
    public Behavior<RecorderCommand> onSignal(Signal signal) {
        if (signal instanceof PostStop) {
            write();
            try {
                record.close();
            } catch (IOException e) {
                writeFailed(e);
            }
        }
        return this;
    }

    private Behavior<RecorderCommand> onRecordFact(RunFact arrived) {
        RunFact fact = whole(dropped.complete(sampled.complete(arrived)));
        if (recording) {
            unwritten.add(new RecordedFact(Instant.now(clock), fact));
            if (fact instanceof RunFact.StepFinished || unwritten.size() == MOST_UNWRITTEN) {
                write();
            } else if (unwritten.size() == 1) {
                timers.startSingleTimer(Event.WRITE, DELAY);
            }
        }
        listener.accept(fact);
        return this;
    }

    private Behavior<RecorderCommand> onWrite() {
        write();
        return this;
    }

    private void write() {
        if (recording && !unwritten.isEmpty()) {
            try {
                record.write(unwritten);
            } catch (IOException e) {
                writeFailed(e);
            }
        }
        unwritten.clear();
        timers.cancel(Event.WRITE);
    }

    /// A picture that cannot be found would be missing in the record.
    private RunFact whole(RunFact fact) {
        try {
            return pictures.whole(fact);
        } catch (PromptLoadException e) {
            writeFailed(new IOException("a trajectory's " + e.getMessage(), e));
            return fact;
        }
    }

    /// Without an answer there is no commit: what cannot be recorded is not to be gone on from.
    private Behavior<RecorderCommand> onFlush(PolicyVersion version, ActorRef<RecorderCommand.Flushed> replyTo) {
        write();
        if (recording) {
            try {
                record.force();
                replyTo.tell(new RecorderCommand.Flushed(version));
            } catch (IOException e) {
                writeFailed(e);
            }
        }
        return this;
    }

    private void writeFailed(IOException cause) {
        if (recording) {
            recording = false;
            getContext().getLog().error("the run is not recorded any more: {}", cause.toString());
            onWriteFailure.accept(cause);
        }
    }
}
