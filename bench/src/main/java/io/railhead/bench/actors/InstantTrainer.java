package io.railhead.bench.actors;

import io.railhead.actors.protocol.WeightsCommand.Manifest;
import io.railhead.learner.Group;
import io.railhead.learner.TrainStepExecutor.Command;
import io.railhead.learner.TrainStepExecutor.Commit;
import io.railhead.learner.TrainStepExecutor.CommitMade;
import io.railhead.learner.TrainStepExecutor.CommitStaged;
import io.railhead.learner.TrainStepExecutor.Internal;
import io.railhead.learner.TrainStepExecutor.PolicyLoaded;
import io.railhead.learner.TrainStepExecutor.Report;
import io.railhead.learner.TrainStepExecutor.StepMade;
import io.railhead.learner.TrainStepExecutor.Train;
import io.railhead.policy.PolicyVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// Says at once that it has made a step, or a commit.
final class InstantTrainer {
    private static final String NOTHING = "nothing";

    private InstantTrainer() {}

    /// @param steps hears how many trajectories each step was made of
    static Behavior<Command> create(ActorRef<Report> parent, LongConsumer steps) {
        return Behaviors.setup(_ -> {
            parent.tell(new PolicyLoaded(PolicyVersion.BASE, manifest(PolicyVersion.BASE)));
            return Behaviors.receiveMessage(command -> {
                on(command, parent, steps);
                return Behaviors.same();
            });
        });
    }

    private static void on(Command command, ActorRef<Report> parent, LongConsumer steps) {
        switch (command) {
            case Train(PolicyVersion from, List<Group> groups, double _) -> {
                steps.accept(groups.stream()
                        .mapToLong(group -> group.samples().size())
                        .sum());
                parent.tell(new StepMade(
                        from.next(),
                        groups.stream().map(Group::lease).toList(),
                        Map.of(),
                        List.of(),
                        Optional.empty(),
                        manifest(from.next())));
            }
            case Commit commit -> {
                parent.tell(new CommitStaged(commit.stage().version(), NOTHING));
                parent.tell(new CommitMade(commit.stage().version(), NOTHING));
            }
            case Internal internal -> throw new IllegalStateException("not of this actor: " + internal);
        }
    }

    private static Manifest manifest(PolicyVersion version) {
        return new Manifest(version, NOTHING, 0, NOTHING);
    }
}
