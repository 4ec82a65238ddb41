package io.railhead.app.crash;

import static java.util.Objects.requireNonNull;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.protocol.StageSnapshot;
import io.railhead.actors.stage.LeaseTerms;
import io.railhead.actors.stage.StageEffect;
import io.railhead.actors.stage.StageSettings;
import io.railhead.actors.stage.StageState;
import io.railhead.actors.stage.Transition;
import io.railhead.actors.telemetry.RecordedFact;
import io.railhead.actors.telemetry.RunRecord;
import io.railhead.actors.telemetry.TelemetrySettings;
import io.railhead.app.run.Life;
import io.railhead.learner.CheckpointException;
import io.railhead.learner.Checkpoints;
import io.railhead.learner.Checkpoints.Checkpoint;
import io.railhead.learner.Group;
import io.railhead.learner.Retention;
import io.railhead.learner.TrainStep;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.WeightsSnapshot;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;

/// One life of a run, from its last commit to its end, on one thread and without time: the rules, train steps, event
/// log, metrics and commits of a real run, with one worker, and messages that wait in one queue.
///
/// What it does depends on the files alone, so that lives can be compared.
final class SingleThreadedRun implements Closeable {
    /// Hears each message before it is handled.
    interface Fate {
        /// @throws PowerCut to end the process here
        void before(long message);
    }

    private static final Instant NOW = Instant.EPOCH;
    private static final int HEARTBEATS = 5;

    private final UnigramTask task = new UnigramTask();
    private final StageSettings stage;
    private final Fate fate;
    private final Queue<Message> messages = new ArrayDeque<>();
    private final Map<LeaseId, Map<Integer, ScoredRollout>> groups = new TreeMap<>();
    private final Set<LeaseId> revoked = new HashSet<>();
    private final UnigramPolicy policy = new UnigramPolicy();
    private final Checkpoints checkpoints;
    private final RunRecord record;
    private final TrainStep step;
    private WeightsSnapshot served;
    private StageState state;
    private PolicyVersion version;
    private Optional<RunEnded> end = Optional.empty();

    private interface Message {
        void handle() throws IOException;
    }

    /// Begins a life where the run stands.
    ///
    /// @param staleness the largest; more than 0 is asynchronous
    SingleThreadedRun(Path root, int staleness, Fate fate) throws IOException, CheckpointException {
        this.stage = UnigramTask.stage(staleness);
        this.fate = fate;
        Checkpoints.Latest latest = Checkpoints.latest(root);
        if (!latest.skipped().isEmpty()) {
            throw latest.skipped().getFirst();
        }
        Optional<Checkpoint> from = latest.checkpoint();
        Life life = Life.begin(root, from, "test");
        this.version = from.map(Checkpoint::version).orElse(PolicyVersion.BASE);
        this.record = RunRecord.open(root, new TelemetrySettings(1 << 12, true, 0), version, life.fence());
        this.checkpoints =
                Checkpoints.in(root, new Retention(2, 4, 0, "reward/mean")).of(life.birth(), life.fence());
        this.step = TrainStep.of(UnigramTask.LEARNER, staleness, () -> 0);
        if (from.isPresent()) {
            policy.load(from.get().directory());
        }
        this.served = policy.snapshot(version);
        this.state = from.map(commit -> StageState.restore(commit.stage(), stage, task.catalogue(), NOW))
                .orElseGet(() -> StageState.start(stage, task.catalogue(), NOW));
        write(life.began());
        messages.add(() -> apply(state.onLearnerReady(version, NOW)));
    }

    /// Until the run has ended.
    RunEnded run() throws IOException {
        int idle = 0;
        for (long number = 0; end.isEmpty(); number++) {
            if (messages.isEmpty()) {
                if (idle++ > HEARTBEATS) {
                    throw new AssertionError("the run hangs: " + state.status());
                }
                messages.add(() -> apply(state.onRequestLeases(UnigramTask.WORKER, served.version(), 4, NOW)));
            } else if (messages.size() > 1) {
                idle = 0;
            }
            fate.before(number);
            messages.remove().handle();
        }
        return end.get();
    }

    @Override
    public void close() throws IOException {
        record.close();
    }

    private void apply(Transition transition) throws IOException {
        state = transition.next();
        for (StageEffect effect : transition.effects()) {
            switch (effect) {
                case StageEffect.Grant(String _, List<LeaseTerms> leases) ->
                    leases.forEach(lease -> lease.sampleIndices().forEach(i -> messages.add(() -> sample(lease, i))));
                case StageEffect.Revoke(String _, List<LeaseId> leases) -> revoked.addAll(leases);
                case StageEffect.TrainBatch(PolicyVersion from, List<LeaseId> batch, double _) ->
                    messages.add(() -> train(from, batch));
                case StageEffect.DropGroups(List<LeaseId> leases) -> leases.forEach(groups::remove);
                case StageEffect.CommitCheckpoint(StageSnapshot snapshot) -> messages.add(() -> commit(snapshot));
                case StageEffect.RecordFact(RunFact fact) -> write(fact);
                case StageEffect.Warn _ -> {}
                case StageEffect.EndRun(RunEnded ended) -> end = Optional.of(ended);
            }
        }
    }

    private void write(RunFact fact) throws IOException {
        record.write(List.of(new RecordedFact(NOW, fact)));
    }

    /// The worker samples, the reward actor scores, and the learner takes the trajectory.
    private void sample(LeaseTerms lease, int index) throws IOException {
        if (revoked.contains(lease.id())) {
            return;
        }
        ScoredRollout scored = UnigramTask.rollout(
                lease.id(), lease.attempt(), lease.stage(), task.load(lease.promptId()), lease.seed(), index, served);
        Map<Integer, ScoredRollout> group = groups.computeIfAbsent(lease.id(), _ -> new TreeMap<>());
        group.put(index, scored);
        write(new RunFact.TrajectoryTaken(scored));
        messages.add(() -> apply(state.onSampleArrived(
                lease.id(), index, scored.rollout().response().oldestVersion(), NOW)));
        if (group.size() == lease.groupSize()) {
            Group whole = new Group(lease.id(), List.copyOf(group.values()));
            messages.add(() -> apply(
                    state.onGroupReady(lease.id(), whole.oldest(), whole.zeroVariance(), whole.correctShare(), NOW)));
        }
    }

    private void train(PolicyVersion from, List<LeaseId> batch) {
        List<Group> taken = new ArrayList<>();
        for (LeaseId lease : batch) {
            taken.add(new Group(
                    lease, List.copyOf(requireNonNull(groups.remove(lease)).values())));
        }
        TrainStep.Result result = step.run(policy, from, taken);
        version = result.version();
        messages.add(() -> apply(state.onStepCommitted(version, batch, result.metrics(), NOW)));
        WeightsSnapshot made = policy.snapshot(version);
        messages.add(() -> served = made);
    }

    private void commit(StageSnapshot snapshot) throws IOException {
        record.force();
        try {
            Checkpoints.Staged staged = checkpoints.stage(snapshot, Optional.empty(), policy::save);
            messages.add(() -> apply(
                    state.onCheckpointStaged(snapshot.version(), staged.target().toString(), NOW)));
            messages.add(() -> finish(staged));
        } catch (CheckpointException e) {
            commitFailed(snapshot.version(), e);
        }
    }

    private void finish(Checkpoints.Staged staged) throws IOException {
        try {
            Path made = checkpoints.finish(staged).directory();
            messages.add(() -> apply(state.onCheckpointCommitted(staged.version(), made.toString(), NOW)));
        } catch (CheckpointException e) {
            commitFailed(staged.version(), e);
        }
    }

    private void commitFailed(PolicyVersion at, CheckpointException e) {
        String cause = e.fault();
        messages.add(() -> apply(state.onCheckpointFailed(at, cause, NOW)));
    }
}
