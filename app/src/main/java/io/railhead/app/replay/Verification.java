package io.railhead.app.replay;

import io.railhead.app.replay.CommitCheck.Verdict;
import io.railhead.app.run.UsageException;
import io.railhead.learner.CheckpointException;
import io.railhead.learner.Checkpoints;
import io.railhead.learner.TrainStep;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Does a recorded run's train steps again and holds the results against what was recorded: metrics at each step,
/// weights and optimiser state at each commit whose checkpoint is still there.
///
/// Holds one policy and the samples of open leases, however long the run was.
public final class Verification {
    private static final int SHOWN = 20;

    private final RecordedRun run;
    private final Replica replica;
    private final Consumer<Recorded.Step> progress;
    private final NavigableMap<PolicyVersion, Path> kept = new TreeMap<>();
    private final NavigableMap<PolicyVersion, CommitCheck> commits = new TreeMap<>();
    private final List<MetricDifference> differences = new ArrayList<>(); // the first ones
    private final RootCheck roots = new RootCheck();
    private long steps;
    private long differentSteps;

    private Verification(RecordedRun run, Replica replica, Consumer<Recorded.Step> progress)
            throws CheckpointException {
        this.run = run;
        this.replica = replica;
        this.progress = progress;
        Checkpoints.Kept found = Checkpoints.kept(run.root());
        found.good().forEach(checkpoint -> kept.put(checkpoint.version(), checkpoint.directory()));
        found.damaged()
                .forEach((version, fault) -> commits.put(
                        version, new CommitCheck(version, Verdict.DAMAGED, String.valueOf(fault.getMessage()))));
    }

    /// @param progress hears each step after it is done
    public static Verification.Result of(RecordedRun run, Consumer<Recorded.Step> progress)
            throws IOException, CheckpointException, IncompleteLogException {
        List<String> notes = run.notes();
        try (Replica replica = Replica.open(run)) {
            return new Verification(run, replica, progress).result(notes);
        }
    }

    /// What came of it.
    ///
    /// @param undone steps that were made and undone, and so are left out
    /// @param differences the first ones
    /// @param sameVersions versions, the base included, whose weights have the checksum that the learner recorded
    public record Result(
            long steps,
            long undone,
            long lives,
            List<CommitCheck> commits,
            long differentSteps,
            List<MetricDifference> differences,
            long sameVersions,
            Optional<PolicyVersion> firstDifferentVersion,
            List<String> notes) {
        public Result {
            notes = List.copyOf(notes);
            commits = List.copyOf(commits);
            differences = List.copyOf(differences);
        }

        /// Whether all that could be compared is equal.
        public boolean same() {
            return differentSteps == 0
                    && firstDifferentVersion.isEmpty()
                    && commits.stream().allMatch(CommitCheck::good);
        }

        /// Commits whose weights were compared.
        public long checked() {
            return commits.stream()
                    .filter(commit -> commit.verdict() != Verdict.PRUNED)
                    .count();
        }
    }

    private Result result(List<String> notes) throws IOException, IncompleteLogException {
        roots.replayed(PolicyVersion.BASE, replica.root(PolicyVersion.BASE));
        run.each(this::take);
        Optional<PolicyVersion> unreached = kept.keySet().stream()
                .filter(version -> version.number() > steps)
                .findFirst();
        if (unreached.isPresent()) {
            throw new IncompleteLogException(
                    "the log ends at v%d, before the step to %s, of which there is a checkpoint"
                            .formatted(steps, unreached.get()));
        }
        return new Result(
                steps,
                run.survey().undone(),
                run.survey().lives(),
                List.copyOf(commits.values()),
                differentSteps,
                differences,
                roots.same(),
                roots.firstDifferent(),
                notes);
    }

    private boolean take(Recorded recorded) throws IOException, IncompleteLogException {
        switch (recorded) {
            case Recorded.Step step -> apply(step);
            case Recorded.Weights weights -> compare(weights);
            case Recorded.Commit commit ->
                commits.putIfAbsent(
                        commit.version(),
                        new CommitCheck(commit.version(), Verdict.PRUNED, "its checkpoint is not there any more"));
        }
        return true;
    }

    /// A life that computes in another type has other weights of the version that it begins with: rounded ones.
    private void compare(Recorded.Weights weights) throws IOException {
        if (replica.begins(weights.life())) {
            roots.replayed(weights.version(), replica.root(weights.version()));
            check(weights.version());
        }
        roots.recorded(weights.version(), weights.root());
        if (weights.version().equals(PolicyVersion.BASE)
                && roots.firstDifferent().isPresent()) {
            throw new UsageException("the run began with other weights than the model %s has now"
                    .formatted(run.first().model()));
        }
    }

    private void apply(Recorded.Step step) throws IOException, IncompleteLogException {
        TrainStep.Result result = replica.apply(step);
        steps++;
        roots.replayed(step.version(), replica.root(step.version()));
        List<MetricDifference> found = MetricDifference.of(step.version(), step.metrics(), result.metrics());
        differentSteps += found.isEmpty() ? 0 : 1;
        found.stream().limit(SHOWN - differences.size()).forEach(differences::add);
        check(step.version());
        progress.accept(step);
    }

    private void check(PolicyVersion version) throws IOException {
        Path checkpoint = kept.get(version);
        if (checkpoint != null) { // whether or not its maker lived to record it
            CommitCheck found = CommitCheck.of(version, checkpoint, replica);
            commits.merge(version, found, (before, now) -> before.verdict() == Verdict.SAME ? before : now);
        }
    }
}
