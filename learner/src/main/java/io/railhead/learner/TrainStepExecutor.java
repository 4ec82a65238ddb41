package io.railhead.learner;

import io.railhead.actors.cluster.Dispatchers;
import io.railhead.actors.incarnation.FencedException;
import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.StageSnapshot;
import io.railhead.actors.protocol.Trouble;
import io.railhead.actors.protocol.WeightsCommand;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.TrainablePolicy;
import io.railhead.policy.WeightsSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/// Owns the trainable policy: makes it, trains it, saves it and closes it on its own thread, which all of that
/// blocks.
///
/// On start it makes the policy, loads the newest good checkpoint of the run, if the run has any, puts the weights
/// where followers find them and reports `PolicyLoaded`. Then it does what it is told, one thing after the other:
/// `Train` is answered by `StepMade` or `StepRefused`, `Commit` by `CommitStaged` as soon as all that the policy has
/// to give is written aside, and then, while further steps are made, by `CommitMade`; or by `CommitFailed`.
///
/// Whatever goes wrong apart from a commit ends this actor, which closes the policy; the parent sees the cause.
/// Nothing is lost by it but the steps since the last commit.
///
/// Needs a pinned dispatcher whose thread is never given back while the actor lives. Does not know: other roles.
public final class TrainStepExecutor extends AbstractMatchingBehavior<TrainStepExecutor.Command> {
    /// What the executor hears, from its parent alone.
    public sealed interface Command {}

    /// Private events.
    public non-sealed interface Internal extends Command {}

    private record CommitEnded(
            PolicyVersion version,
            CommitScore.Tally tally,
            Checkpoints.@Nullable Committed committed,
            @Nullable Throwable failure)
            implements Internal {}

    /// Make the next version of `from` out of these groups, with so many times the learning rate.
    public record Train(PolicyVersion from, List<Group> groups, double rateFactor) implements Command {
        public Train {
            groups = List.copyOf(groups);
        }

        public Train(PolicyVersion from, List<Group> groups) {
            this(from, groups, 1);
        }
    }

    /// Make the present weights durable together with this.
    public record Commit(StageSnapshot stage) implements Command {}

    /// What the parent hears.
    public sealed interface Report extends LearnerCommand.Internal {}

    public record PolicyLoaded(PolicyVersion version, WeightsCommand.Manifest manifest) implements Report {}

    /// @param trained those of the batch that the version was made of
    public record StepMade(
            PolicyVersion version,
            List<LeaseId> trained,
            Map<String, Double> metrics,
            List<Trouble> troubles,
            Optional<RunFact.MemoryShort> shortage,
            WeightsCommand.Manifest manifest)
            implements Report {
        public StepMade {
            trained = List.copyOf(trained);
            metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
            troubles = List.copyOf(troubles);
        }
    }

    /// There is no next version of `from`: by the settings, trouble ends the run.
    public record StepRefused(PolicyVersion from, String cause, List<Trouble> troubles) implements Report {
        public StepRefused {
            troubles = List.copyOf(troubles);
        }
    }

    /// Written aside; it becomes durable at this path, or fails.
    public record CommitStaged(PolicyVersion version, String path) implements Report {}

    public record CommitMade(PolicyVersion version, String path) implements Report {}

    public record CommitFailed(PolicyVersion version, String cause) implements Report {}

    private final TrainablePolicy policy;
    private final TrainStep step;
    private final Checkpoints checkpoints;
    private final TroubleDesk troubles;
    private final Function<WeightsSnapshot, WeightsCommand.Manifest> publish;
    private final ActorRef<? super Report> parent;
    private final CommitScore.Tally tally;
    private final BackgroundCommit background;

    private PolicyVersion version;

    /// @param policies makes the policy with its base weights; called on the executor's thread; may throw
    /// @param run the run directory, for the samples of trouble
    /// @param publish puts weights where followers find them; called on the executor's thread; may block
    public static Behavior<Command> create(
            Supplier<TrainablePolicy> policies,
            TrainStep step,
            Checkpoints checkpoints,
            Path run,
            Function<WeightsSnapshot, WeightsCommand.Manifest> publish,
            ActorRef<? super Report> parent) {
        return Behaviors.setup(context -> {
            TrainablePolicy policy = policies.get();
            try {
                if (step.needsReference()) {
                    policy.freezeReference(); // before loading: the anchor is the base, not what a commit holds
                }
                PolicyVersion version = load(policy, checkpoints, context);
                TroubleDesk troubles = new TroubleDesk(step.troubleSettings(), run, context.getLog());
                return new TrainStepExecutor(context, policy, version, step, checkpoints, troubles, publish, parent);
            } catch (RuntimeException e) {
                policy.close(); // no PostStop without a behavior
                throw e;
            }
        });
    }

    private TrainStepExecutor(
            ActorContext<Command> context,
            TrainablePolicy policy,
            PolicyVersion version,
            TrainStep step,
            Checkpoints checkpoints,
            TroubleDesk troubles,
            Function<WeightsSnapshot, WeightsCommand.Manifest> publish,
            ActorRef<? super Report> parent) {
        super(context);
        this.policy = policy;
        this.version = version;
        this.step = step;
        this.checkpoints = checkpoints;
        this.troubles = troubles;
        this.publish = publish;
        this.parent = parent;
        this.tally = checkpoints.tally();
        this.background = new BackgroundCommit(
                checkpoints, context.getSystem().dispatchers().lookup(Dispatchers.BLOCKING));
        parent.tell(new PolicyLoaded(version, publish.apply(policy.snapshot(version))));
    }

    /// A run whose checkpoints are all damaged does not start over in silence.
    private static PolicyVersion load(TrainablePolicy policy, Checkpoints checkpoints, ActorContext<Command> context) {
        try {
            Checkpoints.Latest latest = checkpoints.start();
            latest.skipped().forEach(fault -> context.getLog().warn("skipped {}", fault.getMessage()));
            if (latest.checkpoint().isEmpty()) {
                if (!latest.skipped().isEmpty()) {
                    throw new IllegalStateException(
                            "no checkpoint of the run is good", latest.skipped().getFirst());
                }
                return PolicyVersion.BASE;
            }
            Checkpoints.Checkpoint checkpoint = latest.checkpoint().get();
            policy.load(checkpoint.directory());
            return checkpoint.version();
        } catch (CheckpointException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        return switch (command) {
            case Train train -> onTrain(train);
            case Commit(StageSnapshot stage) -> onCommit(stage);
            case Internal internal -> onCommitEnded((CommitEnded) internal);
        };
    }

    @Override
    public Behavior<Command> onSignal(Signal signal) {
        if (signal instanceof PostStop) {
            if (!background.awaitEnd()) {
                getContext().getLog().error("a commit is still being written: the disk does not answer");
            }
            policy.close();
        }
        return this;
    }

    private Behavior<Command> onTrain(Train train) {
        PolicyVersion from = train.from();
        requireAt(from, "train");
        TroubleDesk.Outcome outcome =
                troubles.after(step.run(policy, from, train.groups(), train.rateFactor()), from, train.groups());
        if (outcome.refusal().isPresent() && outcome.result().version().equals(from)) {
            parent.tell(new StepRefused(from, outcome.refusal().get(), outcome.troubles()));
            return this;
        }
        TrainStep.Result result = outcome.result();
        version = result.version();
        tally.add(result.metrics());
        WeightsCommand.Manifest manifest = publish.apply(policy.snapshot(version));
        parent.tell(new StepMade(
                version, result.trained(), result.metrics(), outcome.troubles(), result.shortage(), manifest));
        outcome.refusal().ifPresent(cause -> parent.tell(new StepRefused(version, cause, List.of())));
        return this;
    }

    private Behavior<Command> onCommit(StageSnapshot stage) {
        requireAt(stage.version(), "commit");
        CommitScore.Tally taken = tally.taken();
        try {
            Checkpoints.Staged staged = checkpoints.stage(stage, taken.score(), policy::save);
            parent.tell(new CommitStaged(version, staged.target().toString()));
            getContext()
                    .pipeToSelf(
                            background.finish(staged),
                            (committed, failure) -> new CommitEnded(staged.version(), taken, committed, failure));
        } catch (CheckpointException e) {
            commitFailed(stage.version(), taken, e);
        }
        return this;
    }

    /// Of the version that was committed; the policy's is a later one by now, perhaps.
    private Behavior<Command> onCommitEnded(CommitEnded ended) {
        if (ended.committed() != null) {
            ended.committed()
                    .notPruned()
                    .ifPresent(e -> getContext().getLog().warn("older checkpoints stay: {}", e.getMessage()));
            parent.tell(new CommitMade(
                    ended.version(), ended.committed().directory().toString()));
            return this;
        }
        Throwable cause = ended.failure() instanceof CompletionException wrapped ? wrapped.getCause() : ended.failure();
        switch (cause) {
            case CheckpointException e -> commitFailed(ended.version(), ended.tally(), e);
            case FencedException e -> throw new UncheckedIOException(e); // nothing that this life does counts any more
            case null, default ->
                throw new IllegalStateException("the commit of " + ended.version() + " failed", cause);
        }
        return this;
    }

    private void commitFailed(PolicyVersion at, CommitScore.Tally taken, CheckpointException e) {
        tally.putBack(taken);
        getContext().getLog().warn("commit failed version={}", at.number(), e);
        parent.tell(new CommitFailed(at, String.valueOf(e.getMessage())));
    }

    private void requireAt(PolicyVersion expected, String doing) {
        if (!version.equals(expected)) {
            throw new IllegalStateException("asked to %s %s at %s".formatted(doing, expected, version));
        }
    }
}
