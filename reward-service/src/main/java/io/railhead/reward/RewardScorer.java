package io.railhead.reward;

import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.RewardCommand;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.wire.FrameLimit;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/// Scores rollouts one after the other and contains what the scoring function does.
///
/// The conversation: a rollout comes in, its score goes to the learner; if there is none, the stage controller hears
/// `SampleFailed` with the cause. The function runs on a thread of this actor's own, so the actor always answers. After
/// the deadline the thread is interrupted and given up, and the next rollout gets a new one. A rollout fails without
/// being scored
/// * if its prompt broke the function as often as the settings allow (it is quarantined);
/// * while a [Breaker] is open, which failures in a row do;
/// * while as many given-up threads as the settings allow are still alive.
///
/// Phases: *idle*, *scoring* one rollout while others wait in a bounded queue.
///
/// A rollout that comes twice is scored twice; the learner drops the copy. On its own end it reports what it held as
/// failed.
///
/// Does not know: which function it runs.
public final class RewardScorer extends AbstractMatchingBehavior<RewardCommand> {
    private static final int KEYS_KEPT = 64; // prompts whose rollouts come in turns

    /// What the function runs on, and by which clock a breaker opens again.
    ///
    /// @param threads makes an executor that does one thing at a time
    public record Threads(Supplier<ExecutorService> threads, InstantSource clock) {
        static final Threads OF_ITS_OWN = new Threads(RewardScorer::newThread, InstantSource.system());
    }

    private sealed interface Event extends RewardCommand.Internal {}

    private record Scored(long job, Score score) implements Event {}

    private record Broke(long job, String cause) implements Event {}

    private record Overdue(long job) implements Event {}

    private record Job(long ordinal, Rollout rollout) {}

    private final RewardFunction function;
    private final Duration deadline;
    private final int lostThreads;
    private final InstantSource clock;
    private final Supplier<ExecutorService> threads;
    private final ActorRef<StageCommand> stage;
    private final ActorRef<LearnerCommand> learner;
    private final FrameLimit frames;
    private final TimerScheduler<RewardCommand> timers;
    private final int queue;
    private final ArrayDeque<Rollout> waiting = new ArrayDeque<>();
    private final ReadKeys keys = new ReadKeys(KEYS_KEPT);
    private final List<ExecutorService> givenUp = new ArrayList<>();

    private Quarantine quarantine;
    private Breaker breaker;
    private ExecutorService thread;
    private @Nullable Job running;
    private long nextJob;

    /// @param frames what fits between nodes: a scored rollout that does not is lost
    public static Behavior<RewardCommand> create(
            RewardSettings settings,
            RewardFunction function,
            ActorRef<StageCommand> stage,
            ActorRef<LearnerCommand> learner,
            FrameLimit frames) {
        return create(settings, function, stage, learner, frames, Threads.OF_ITS_OWN);
    }

    static Behavior<RewardCommand> create(
            RewardSettings settings,
            RewardFunction function,
            ActorRef<StageCommand> stage,
            ActorRef<LearnerCommand> learner,
            FrameLimit frames,
            Threads threads) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new RewardScorer(context, timers, settings, function, stage, learner, frames, threads)));
    }

    private RewardScorer(
            ActorContext<RewardCommand> context,
            TimerScheduler<RewardCommand> timers,
            RewardSettings settings,
            RewardFunction function,
            ActorRef<StageCommand> stage,
            ActorRef<LearnerCommand> learner,
            FrameLimit frames,
            Threads threads) {
        super(context);
        this.timers = timers;
        this.queue = settings.queue();
        this.function = function;
        this.clock = threads.clock();
        this.threads = threads.threads();
        RewardSettings.Isolation isolation = settings.isolation();
        this.deadline = isolation.deadline();
        this.lostThreads = isolation.lostThreads();
        this.breaker = Breaker.closed(isolation.failuresInARow(), isolation.pause());
        this.stage = stage;
        this.learner = learner;
        this.frames = frames;
        this.quarantine = Quarantine.of(isolation.strikes());
        this.thread = this.threads.get();
    }

    @Override
    public Behavior<RewardCommand> onMessage(RewardCommand command) {
        return switch (command) {
            case RewardCommand.ScoreRollout(Rollout rollout) -> onScoreRollout(rollout);
            case RewardCommand.Internal internal -> onEvent((Event) internal);
        };
    }

    private Behavior<RewardCommand> onEvent(Event event) {
        return switch (event) {
            case Scored(long job, Score score) -> onScored(job, score);
            case Broke(long job, String cause) -> onBroke(job, cause);
            case Overdue(long job) -> onOverdue(job);
        };
    }

    @Override
    public Behavior<RewardCommand> onSignal(Signal signal) {
        if (signal instanceof PostStop || signal instanceof PreRestart) {
            thread.shutdownNow();
            Stream.concat(Stream.ofNullable(running).map(Job::rollout), waiting.stream())
                    .forEach(rollout -> tellFailed(rollout, "the scorer stopped"));
        }
        return this;
    }

    private Behavior<RewardCommand> onScoreRollout(Rollout rollout) {
        if (waiting.size() < queue) {
            waiting.add(rollout);
        } else {
            tellFailed(rollout, "the scorer's queue is full: " + queue);
        }
        return next();
    }

    private Behavior<RewardCommand> onScored(long job, Score score) {
        Job done = running;
        if (done == null || done.ordinal() != job) {
            return this; // given up before
        }
        breaker = breaker.succeeded();
        LearnerCommand.OfferTrajectory offer =
                new LearnerCommand.OfferTrajectory(new ScoredRollout(done.rollout(), score));
        frames.objection(offer).ifPresentOrElse(cause -> tellFailed(done.rollout(), cause), () -> learner.tell(offer));
        return finish();
    }

    private Behavior<RewardCommand> onBroke(long job, String cause) {
        Job broken = running;
        if (broken == null || broken.ordinal() != job) {
            return this;
        }
        strike(broken, cause);
        return finish();
    }

    private Behavior<RewardCommand> onOverdue(long job) {
        Job late = running;
        if (late == null || late.ordinal() != job) {
            return this;
        }
        thread.shutdownNow();
        givenUp.add(thread);
        thread = threads.get();
        strike(late, "no score within " + deadline);
        return finish();
    }

    private void start(Rollout rollout) {
        Job job = new Job(nextJob++, rollout);
        running = job;
        timers.startSingleTimer(new Overdue(job.ordinal()), deadline);
        CompletableFuture<Score> score = CompletableFuture.supplyAsync(
                () -> keys.of(rollout.task().answerKey()).score(function, rollout.text()), thread);
        getContext()
                .pipeToSelf(
                        score,
                        (value, failure) -> value != null
                                ? new Scored(job.ordinal(), value)
                                : new Broke(job.ordinal(), cause(failure)));
    }

    private Behavior<RewardCommand> finish() {
        if (running != null) {
            timers.cancel(new Overdue(running.ordinal()));
            running = null;
        }
        return next();
    }

    /// Starts the next rollout, if the thread is free; fails those that are not to be scored on the way.
    private Behavior<RewardCommand> next() {
        while (running == null && !waiting.isEmpty()) {
            Rollout rollout = waiting.remove();
            Optional<String> refusal = refusal(rollout);
            refusal.ifPresentOrElse(cause -> tellFailed(rollout, cause), () -> start(rollout));
        }
        return this;
    }

    private Optional<String> refusal(Rollout rollout) {
        String promptId = rollout.task().prompt().id();
        if (quarantine.holds(promptId)) {
            return Optional.of("prompt " + promptId + " is quarantined: it broke the scoring function before");
        }
        if (!breaker.allows(clock.instant())) {
            return Optional.of("the scoring function failed " + breaker.failures() + " times in a row; it is left alone"
                    + " until " + breaker.openUntil());
        }
        givenUp.removeIf(ExecutorService::isTerminated);
        if (givenUp.size() >= lostThreads) {
            return Optional.of(givenUp.size() + " threads hang in the scoring function");
        }
        return Optional.empty();
    }

    private void strike(Job job, String cause) {
        String promptId = job.rollout().task().prompt().id();
        quarantine = quarantine.struck(promptId);
        breaker = breaker.failed(clock.instant());
        getContext()
                .getLog()
                .warn(
                        "no score prompt={} lease={} cause={}",
                        promptId,
                        job.rollout().lease(),
                        cause);
        tellFailed(job.rollout(), cause);
    }

    private void tellFailed(Rollout rollout, String cause) {
        stage.tell(new StageCommand.SampleFailed(rollout.lease(), rollout.attempt(), rollout.sampleIndex(), cause));
    }

    private static String cause(@Nullable Throwable failure) {
        Throwable root = failure instanceof CompletionException ? failure.getCause() : failure;
        return root == null ? "the scoring function returned no score" : root.toString();
    }

    /// A daemon, so that a function that never returns does not hold the process.
    private static ExecutorService newThread() {
        return Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("railhead-scoring-", 0).factory());
    }
}
