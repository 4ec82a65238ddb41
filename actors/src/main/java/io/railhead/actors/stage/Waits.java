package io.railhead.actors.stage;

import io.railhead.actors.protocol.RunStatus.Wait;
import io.railhead.actors.protocol.StageSnapshot;
import io.railhead.actors.stage.LeaseEntry.Phase;
import io.railhead.actors.stage.StageState.LearnerPhase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Who waits for whom since when: what to look at when a run does not come forward.
final class Waits {
    private static final int SHOWN_LEASES = 5;

    private Waits() {}

    /// The learner first, then the workers, then the oldest open leases.
    static List<Wait> of(StageState state) {
        if (state.phase() instanceof StageState.RunPhase.Ended) {
            return List.of();
        }
        List<Wait> waits = new ArrayList<>();
        waits.add(ofLearner(state));
        state.staged()
                .ifPresent(staged -> waits.add(new Wait(
                        "stage controller",
                        "the commit of " + staged.version() + " to become durable",
                        staged.since().toString())));
        if (state.workers().withRoom().isEmpty()) {
            waits.add(new Wait(
                    "stage controller",
                    "free samples of %d rollout workers"
                            .formatted(state.workers().size()),
                    state.progressAt().toString()));
        }
        state.workers().all().forEach((id, worker) -> {
            if (state.version().stalenessOf(worker.serving()) > state.settings().maxStaleness()) {
                waits.add(new Wait(
                        "worker " + id,
                        "weights newer than %s, to be given leases at %s".formatted(worker.serving(), state.version()),
                        worker.since().toString()));
            }
        });
        state.ledger().leases().stream()
                .filter(lease -> !lease.isReady())
                .limit(SHOWN_LEASES)
                .forEach(lease -> waits.add(ofLease(lease)));
        return waits;
    }

    private static Wait ofLearner(StageState state) {
        String since = state.learner().since().toString();
        int groups = state.settings().groupsPerStep();
        long ready =
                state.ledger().leases().stream().filter(LeaseEntry::isReady).count();
        return switch (state.learner()) {
            case LearnerPhase.Absent _ -> new Wait("stage controller", "a learner at " + state.version(), since);
            case LearnerPhase.Idle _ ->
                new Wait("learner", "%d ready groups of %d for a step".formatted(ready, groups), since);
            case LearnerPhase.Training _ ->
                new Wait("stage controller", "the step from " + state.version() + " by the learner", since);
            case LearnerPhase.Committing(StageSnapshot snapshot, Instant _) ->
                new Wait("stage controller", "the commit of " + snapshot.version() + " by the learner", since);
        };
    }

    private static Wait ofLease(LeaseEntry lease) {
        String since = lease.phase().since().toString();
        return switch (lease.phase()) {
            case Phase.Waiting _ -> new Wait(lease.id().toString(), "a worker that serves " + lease.floor(), since);
            case Phase.Generating at ->
                new Wait(
                        lease.id().toString(),
                        "%d samples of attempt %d from worker %s until %s"
                                .formatted(
                                        lease.groupSize() - lease.arrived().size(),
                                        lease.attempt(),
                                        at.workerId(),
                                        at.deadline()),
                        since);
            case Phase.Ready _ -> new Wait(lease.id().toString(), "a train step", since);
        };
    }
}
