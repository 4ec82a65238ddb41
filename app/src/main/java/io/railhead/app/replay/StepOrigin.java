package io.railhead.app.replay;

import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.app.replay.Observation.Pull;
import io.railhead.app.run.UsageException;
import io.railhead.learner.CheckpointException;
import io.railhead.learner.Checkpoints;
import io.railhead.learner.TrainingBatch;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// Where the gradient of one train step came from.
///
/// @param samples of all groups, in the order that was trained
/// @param start the version whose checkpoint the replay began with, 0 for the base model
/// @param metrics as recorded
/// @param differences from the metrics that the step has here
public record StepOrigin(
        long version,
        String stage,
        List<SampleOrigin> samples,
        long start,
        SortedMap<String, Double> metrics,
        List<MetricDifference> differences) {
    public StepOrigin {
        samples = List.copyOf(samples);
        differences = List.copyOf(differences);
    }

    /// Replays from the newest checkpoint before the step, or from the base model, and watches the step.
    ///
    /// @throws UsageException if the log has no such step
    public static StepOrigin of(RecordedRun run, PolicyVersion version)
            throws IOException, CheckpointException, IncompleteLogException {
        if (version.number() < 1 || version.compareTo(run.survey().last()) > 0) {
            throw new UsageException("no step to %s in %s: its log has v1 to %s"
                    .formatted(version, run.root(), run.survey().last()));
        }
        Optional<Checkpoints.Checkpoint> start = Checkpoints.kept(run.root()).good().stream()
                .filter(checkpoint -> checkpoint.version().compareTo(version) < 0)
                .reduce((_, later) -> later);
        List<StepOrigin> found = new ArrayList<>();
        try (Replica replica = Replica.open(run)) {
            run.each(recorded -> {
                if (recorded instanceof Recorded.Step step) {
                    follow(replica, step, start, version).ifPresent(found::add);
                }
                return found.isEmpty();
            });
        }
        return found.getFirst();
    }

    /// Whether the step here is the recorded one, so that what is said of it holds.
    public boolean same() {
        return differences.isEmpty();
    }

    private static Optional<StepOrigin> follow(
            Replica replica, Recorded.Step step, Optional<Checkpoints.Checkpoint> start, PolicyVersion wanted)
            throws IOException, IncompleteLogException {
        PolicyVersion begin = start.map(Checkpoints.Checkpoint::version).orElse(PolicyVersion.BASE);
        if (step.from().compareTo(begin) < 0) {
            return Optional.empty();
        }
        if (start.isPresent() && step.from().equals(begin)) {
            replica.goOn(start.get().directory(), step.life());
        }
        if (step.version().compareTo(wanted) < 0) {
            replica.apply(step);
            return Optional.empty();
        }
        return Optional.of(of(step, replica.observe(step), begin));
    }

    private static StepOrigin of(Recorded.Step step, Observation observed, PolicyVersion begin) {
        double all = observed.pulls().stream().mapToDouble(Pull::strength).sum();
        Iterator<Pull> pulls = observed.pulls().iterator();
        Iterator<Double> advantages = TrainingBatch.of(step.groups(), observed.credit()).items().stream()
                .flatMap(item -> item.sequences().stream())
                .map(TrainingBatch.Sequence::advantage)
                .iterator();
        List<ScoredRollout> samples = step.groups().stream()
                .flatMap(group -> group.samples().stream())
                .toList();
        return new StepOrigin(
                step.version().number(),
                step.stage(),
                samples.stream()
                        .map(sample -> SampleOrigin.of(sample, step.from(), advantages.next(), pulls.next(), all))
                        .toList(),
                begin.number(),
                step.metrics(),
                MetricDifference.of(
                        step.version(), step.metrics(), observed.result().metrics()));
    }
}
