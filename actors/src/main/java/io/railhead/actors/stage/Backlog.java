package io.railhead.actors.stage;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.stage.StageState.LearnerPhase;
import io.railhead.actors.stage.StageState.RunPhase;
import io.railhead.policy.PolicyVersion;
import java.util.Optional;
import java.util.Set;

/// How many leases are there to be taken and nobody takes.
final class Backlog {
    private Backlog() {}

    /// What [Granting] would give a worker that serves the present version and has room for all.
    static int of(StageState state) {
        Set<LeaseId> training =
                state.learner() instanceof LearnerPhase.Training step ? Set.copyOf(step.batch()) : Set.of();
        PolicyVersion from = state.learner() instanceof LearnerPhase.Training
                ? state.version().next()
                : state.version();
        if (!(state.phase() instanceof RunPhase.Running)
                || state.learner() instanceof LearnerPhase.Absent
                || from.number() >= state.settings().steps()) {
            return 0;
        }
        Tally open = Tally.of(state.ledger().leases().stream()
                .filter(lease -> !training.contains(lease.id()))
                .toList());
        StageState.Worker free = new StageState.Worker(state.version(), Integer.MAX_VALUE, state.progressAt());
        Granting granting = new Granting(
                state.settings(),
                state.loop().staleness(),
                state.version(),
                state.ledger(),
                open,
                state.curriculum(),
                Workers.NONE.plus("", free),
                state.progressAt());
        granting.run(from, state.learner().since(), Optional.empty());
        return granting.effects().stream()
                .mapToInt(effect -> effect instanceof StageEffect.Grant grant
                        ? grant.leases().size()
                        : 0)
                .sum();
    }
}
