package io.railhead.actors.telemetry;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.RunFact;
import io.railhead.policy.PolicyVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/// Checks what a run's facts, in their order, say about its laws. Not thread-safe.
///
/// - each version follows the one before; what a new life of the run went back behind did not happen
/// - the ledger balances after each step, and its trained leases are those of the steps
/// - no lease is trained twice, and no sample is taken in twice in a life
/// - a trained lease was taken in whole in the same life, and no token of it is older than the staleness bound
///   or newer than the policy that was trained
///
/// A fact that was lost on its way to the recorder is found as well: then the log does not show what it should.
public final class HistoryCheck {
    private static final long UNKNOWN = Long.MAX_VALUE;

    private final int groupSize;
    private final int maxStaleness;
    private final boolean fromStart;
    private final List<String> faults = new ArrayList<>();
    private final NavigableMap<Long, RunFact.StepFinished> steps = new TreeMap<>(); // of the surviving history
    private final Map<LeaseId, Long> trained = new HashMap<>(); // lease -> version, of the surviving history
    private final Map<LeaseId, Map<Integer, Rollout>> taken = new HashMap<>(); // in this life
    private long lives;
    private long undone;
    private long samples;
    private long oldest;
    private long base; // the version before the first that the log shows; UNKNOWN before anything was shown
    private long believed; // samples of versions until this one need not be in the log

    /// What was looked at: versions of the surviving history, versions undone, lives, samples taken in, and the
    /// largest staleness of a trained token.
    public record Summary(long versions, long undone, long lives, long samples, long staleness, LedgerCounts ledger) {}

    private HistoryCheck(int groupSize, int maxStaleness, boolean fromStart) {
        this.groupSize = groupSize;
        this.maxStaleness = maxStaleness;
        this.fromStart = fromStart;
        this.base = fromStart ? 0 : UNKNOWN;
    }

    /// Of all that a log ever held.
    public static HistoryCheck fromTheStart(int groupSize, int maxStaleness) {
        return new HistoryCheck(groupSize, maxStaleness, true);
    }

    /// Of a log whose beginning was dropped: its first step is believed, and so are the steps after it that may have
    /// been made of samples from before.
    public static HistoryCheck ofALaterPart(int groupSize, int maxStaleness) {
        return new HistoryCheck(groupSize, maxStaleness, false);
    }

    public void add(RunFact fact) {
        switch (fact) {
            case RunFact.IncarnationBegan began ->
                begin(began.from().map(PolicyVersion::number).orElse(0L));
            case RunFact.TrajectoryTaken taking -> take(taking.trajectory().rollout());
            case RunFact.StepFinished step -> finish(step);
            case RunFact.LeaseIssued _,
                    RunFact.LeaseEnded _,
                    RunFact.CheckpointWritten _,
                    RunFact.LearnerStarted _,
                    RunFact.TroubleFound _,
                    RunFact.AlertRaised _,
                    RunFact.AlertCleared _,
                    RunFact.LoopMoved _,
                    RunFact.MemoryShort _,
                    RunFact.WeightsMade _,
                    RunFact.StageAdvanced _ -> {}
        }
    }

    public List<String> faults() {
        return List.copyOf(faults);
    }

    public Summary summary() {
        LedgerCounts ledger = steps.isEmpty()
                ? LedgerCounts.ZERO
                : steps.lastEntry().getValue().ledger();
        return new Summary(steps.size(), undone, lives, samples, oldest, ledger);
    }

    private void begin(long from) {
        lives++;
        if (from > base && !steps.containsKey(from)) {
            faults.add("life %d goes on from v%d, which the log does not show".formatted(lives, from));
        }
        undone += steps.tailMap(from, false).size();
        steps.tailMap(from, false).clear();
        trained.values().removeIf(version -> version > from);
        taken.clear();
        if (!fromStart && steps.isEmpty()) {
            base = from;
        }
        believed = from;
    }

    private void take(Rollout rollout) {
        samples++;
        Map<Integer, Rollout> group = taken.computeIfAbsent(rollout.lease(), _ -> new HashMap<>());
        if (group.put(rollout.sampleIndex(), rollout) != null) {
            faults.add("%s sample %d was taken in twice".formatted(rollout.lease(), rollout.sampleIndex()));
        }
    }

    private void finish(RunFact.StepFinished step) {
        long version = step.version().number();
        if (base == UNKNOWN) {
            base = version - 1;
            believed = version + maxStaleness;
        }
        long before = steps.isEmpty() ? base : steps.lastKey();
        if (version != before + 1) {
            faults.add("v%d follows v%d".formatted(version, before));
        }
        boolean isCounted = fromStart || !steps.isEmpty();
        long trainedBefore =
                steps.isEmpty() ? 0 : steps.lastEntry().getValue().ledger().trained();
        long trainedNow = step.ledger().trained(); // that it balances is checked when it is read
        if (isCounted
                && version == before + 1
                && trainedNow != trainedBefore + step.trained().size()) {
            faults.add("v%d: %d leases trained after %d and a step of %d"
                    .formatted(
                            version, trainedNow, trainedBefore, step.trained().size()));
        }
        Set<LeaseId> inStep = new HashSet<>();
        for (LeaseId lease : step.trained()) {
            Long earlier = trained.put(lease, version);
            if (earlier != null || !inStep.add(lease)) {
                faults.add("v%d: %s was trained before%s"
                        .formatted(version, lease, earlier == null ? "" : ", in v" + earlier));
            }
            if (version > believed) {
                checkSamples(lease, version);
            }
        }
        steps.put(version, step);
    }

    private void checkSamples(LeaseId lease, long version) {
        Map<Integer, Rollout> group = taken.getOrDefault(lease, Map.of());
        if (group.size() != groupSize) {
            faults.add("v%d: the log shows %d of %d samples of %s".formatted(version, group.size(), groupSize, lease));
        }
        for (Rollout rollout : group.values()) {
            long staleness = version - 1 - rollout.response().oldestVersion().number();
            oldest = Math.max(oldest, staleness);
            if (staleness > maxStaleness) {
                faults.add("v%d: %s sample %d has a token %d versions old, of at most %d"
                        .formatted(version, lease, rollout.sampleIndex(), staleness, maxStaleness));
            }
            long newest = newest(rollout);
            if (newest >= version) {
                faults.add("v%d: %s sample %d has a token of v%d"
                        .formatted(version, lease, rollout.sampleIndex(), newest));
            }
        }
    }

    private static long newest(Rollout rollout) {
        long newest = 0;
        for (int i = 0; i < rollout.response().size(); i++) {
            newest = Math.max(newest, rollout.response().behaviourVersion(i).number());
        }
        return newest;
    }
}
