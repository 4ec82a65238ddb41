package io.railhead.app.command;

import io.railhead.actors.stage.StageSettings;
import io.railhead.app.ablation.Arm;
import io.railhead.app.run.UsageException;
import java.time.Duration;
import java.util.Optional;

/// What each arm may use up: train steps with so many responses each, and time.
record ArmBudget(long steps, int responsesPerStep, Optional<Duration> time) {
    static ArmBudget of(StageSettings stage, Optional<Duration> time) {
        return new ArmBudget(stage.steps(), stage.groupsPerStep() * stage.groupSize(), time);
    }

    /// The supervised steps of an arm, each with as many answers as another step has responses.
    ///
    /// @throws UsageException if the arm does both and there are too few steps to share
    long supervisedSteps(Arm arm) {
        long supervised = Math.round(steps * arm.supervisedShare());
        boolean both = arm.supervisedShare() > 0 && arm.supervisedShare() < 1;
        if (both && (supervised == 0 || supervised == steps)) {
            throw new UsageException("--steps %d leaves nothing for a part of arm %s".formatted(steps, arm.name()));
        }
        return supervised;
    }

    Optional<Duration> supervisedTime(Arm arm) {
        return time.map(limit -> Duration.ofMillis(Math.round(limit.toMillis() * arm.supervisedShare())));
    }
}
