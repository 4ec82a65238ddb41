package io.railhead.app.crash;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.telemetry.EventLogReader;
import io.railhead.actors.telemetry.HistoryCheck;
import io.railhead.actors.telemetry.RecordedFact;
import io.railhead.learner.CheckpointException;
import io.railhead.learner.Checkpoints;
import io.railhead.learner.Checkpoints.Checkpoint;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What a run was in the end, by its files alone.
///
/// @param drawn the prompt of each lease
/// @param trained prompts of each step of the history that counts
/// @param weights what identifies those of the newest commit
/// @param metrics versions of the lines of `metrics.jsonl`
/// @param faults laws that the event log does not keep
record RunHistory(
        NavigableMap<LeaseId, String> drawn,
        NavigableMap<PolicyVersion, List<String>> trained,
        LedgerCounts ledger,
        PolicyVersion version,
        String weights,
        List<String> metrics,
        List<String> faults) {
    static RunHistory of(Path root, int staleness) throws IOException, CheckpointException {
        HistoryCheck check = HistoryCheck.fromTheStart(UnigramTask.GROUP_SIZE, staleness);
        NavigableMap<PolicyVersion, List<String>> trained = new TreeMap<>();
        NavigableMap<LeaseId, String> drawn = new TreeMap<>();
        EventLogReader log = EventLogReader.open(root.resolve("events"));
        for (Optional<RecordedFact> fact = log.next(); fact.isPresent(); fact = log.next()) {
            check.add(fact.get().fact());
            switch (fact.get().fact()) {
                case RunFact.IncarnationBegan began ->
                    trained.tailMap(began.from().orElse(PolicyVersion.BASE), false)
                            .clear();
                case RunFact.LeaseIssued issued -> drawn.put(issued.lease(), issued.promptId());
                case RunFact.StepFinished step ->
                    trained.put(
                            step.version(),
                            step.trained().stream()
                                    .map(lease -> drawn.getOrDefault(lease, "?"))
                                    .toList());
                case RunFact.LeaseEnded _,
                        RunFact.TrajectoryTaken _,
                        RunFact.CheckpointWritten _,
                        RunFact.LearnerStarted _,
                        RunFact.WeightsMade _,
                        RunFact.TroubleFound _,
                        RunFact.AlertRaised _,
                        RunFact.AlertCleared _,
                        RunFact.LoopMoved _,
                        RunFact.MemoryShort _,
                        RunFact.StageAdvanced _ -> {}
            }
        }
        Checkpoint newest = Checkpoints.latest(root).checkpoint().orElseThrow();
        UnigramPolicy policy = new UnigramPolicy();
        policy.load(newest.directory());
        List<String> metrics = Files.readAllLines(root.resolve("metrics.jsonl")).stream()
                .map(line -> Pattern.compile("\\D+")
                        .splitAsStream(line)
                        .skip(1)
                        .findFirst()
                        .orElse(line))
                .toList();
        return new RunHistory(
                drawn,
                trained,
                newest.stage().ledger(),
                newest.version(),
                policy.snapshot(newest.version()).sha256(),
                metrics,
                check.faults());
    }

    /// What is not as in the run that was never ended, in words; empty if all is.
    ///
    /// @param staleness with more than 0 the samples of leases that were open are made by newer weights than they
    ///     would have been: then prompts, counts and laws are compared, and not weights
    String difference(RunHistory straight, int staleness) {
        if (staleness == 0) {
            return equals(straight) ? "" : this + " instead of " + straight;
        }
        NavigableMap<LeaseId, String> both = new TreeMap<>(drawn);
        both.keySet().retainAll(straight.drawn.keySet());
        boolean same = faults.isEmpty()
                && version.equals(straight.version)
                && metrics.equals(straight.metrics)
                && trained.keySet().equals(straight.trained.keySet())
                && drawn.size() == ledger.issued()
                && straight.drawn.entrySet().containsAll(both.entrySet())
                && ledger.trained() == straight.ledger.trained()
                && ledger.failed() == 0;
        return same ? "" : this + " beside " + straight;
    }
}
