package io.railhead.app.simulate;

import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.protocol.WeightsCommand;
import io.railhead.actors.virtual.VirtualTime;
import io.railhead.learner.Group;
import io.railhead.learner.TrainStepExecutor;
import io.railhead.learner.TrainStepExecutor.Command;
import io.railhead.learner.TrainStepExecutor.Report;
import io.railhead.policy.PolicyVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// Stands in for the learner's [TrainStepExecutor]: says what it would say, as much later as a [TrainerModel] says.
/// The staleness of every token is counted, and held to the bound.
final class SimulatedTrainer extends AbstractMatchingBehavior<Command> {
    static final Duration LOADING = Duration.ofSeconds(30); // by then all workers are there

    private final TrainerModel model;
    private final int promptTokens;
    private final int grain;
    private final VirtualTime time;
    private final TrainerMeter meter;
    private final ActorRef<Report> parent;
    private boolean stopped;

    static Behavior<Command> create(
            TrainerModel model,
            int promptTokens,
            int grain,
            VirtualTime time,
            TrainerMeter meter,
            ActorRef<Report> parent) {
        return Behaviors.setup(
                context -> new SimulatedTrainer(context, model, promptTokens, grain, time, meter, parent));
    }

    private SimulatedTrainer(
            ActorContext<Command> context,
            TrainerModel model,
            int promptTokens,
            int grain,
            VirtualTime time,
            TrainerMeter meter,
            ActorRef<Report> parent) {
        super(context);
        this.model = model;
        this.promptTokens = promptTokens;
        this.grain = grain;
        this.time = time;
        this.meter = meter;
        this.parent = parent;
        later(LOADING.toNanos(), new TrainStepExecutor.PolicyLoaded(PolicyVersion.BASE, manifest(PolicyVersion.BASE)));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        return switch (command) {
            case TrainStepExecutor.Train(PolicyVersion from, List<Group> groups, double _) -> onTrain(from, groups);
            case TrainStepExecutor.Commit commit -> onCommit(commit);
            case TrainStepExecutor.Internal internal ->
                throw new IllegalStateException("not of this actor: " + internal);
        };
    }

    @Override
    public Behavior<Command> onSignal(Signal signal) {
        stopped |= signal instanceof PostStop;
        return this;
    }

    private Behavior<Command> onTrain(PolicyVersion from, List<Group> groups) {
        long tokens = 0;
        for (Group group : groups) {
            tokens += promptTokens;
            for (ScoredRollout sample : group.samples()) {
                for (long version : sample.rollout().response().behaviourVersions()) {
                    meter.trained(from.number() - version, grain);
                    tokens += grain;
                }
            }
        }
        long nanos = model.nanos(tokens);
        meter.busy(nanos);
        PolicyVersion made = from.next();
        later(
                nanos,
                new TrainStepExecutor.StepMade(
                        made,
                        groups.stream().map(Group::lease).toList(),
                        Map.of(),
                        List.of(),
                        Optional.empty(),
                        manifest(made)));
        return this;
    }

    private Behavior<Command> onCommit(TrainStepExecutor.Commit commit) {
        PolicyVersion version = commit.stage().version();
        parent.tell(new TrainStepExecutor.CommitStaged(version, "simulated"));
        later(model.commitNanos(), new TrainStepExecutor.CommitMade(version, "simulated"));
        return this;
    }

    private void later(long nanos, Report report) {
        time.after(Duration.ofNanos(nanos), () -> {
            if (!stopped) {
                parent.tell(report);
            }
        });
    }

    private static WeightsCommand.Manifest manifest(PolicyVersion version) {
        return new WeightsCommand.Manifest(version, "simulated", 0, "simulated");
    }
}
