package io.railhead.app.replay;

import com.typesafe.config.Config;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.stage.StageSettings;
import io.railhead.app.run.PolicySettings;
import io.railhead.learner.BatchLimits;
import io.railhead.learner.LearnerSettings;
import io.railhead.policy.djl.TrainingOptions;
import java.util.Optional;

/// What train steps are made with.
///
/// @param model `embedded` or a folder: the base, and the anchor of a KL
/// @param started what the learner said of itself, where the log has it
public record Recipe(
        String model,
        TrainingOptions options,
        LearnerSettings learner,
        BatchLimits limits,
        Optional<RunFact.LearnerStarted> started) {
    /// @param resolved a run's whole configuration
    public static Recipe of(Config resolved, Optional<RunFact.LearnerStarted> started) {
        StageSettings stage = StageSettings.from(resolved);
        PolicySettings policy = PolicySettings.from(resolved);
        return new Recipe(
                policy.model(),
                policy.trainingAt(stage.sampling()),
                LearnerSettings.from(resolved),
                new BatchLimits(stage.groupSize(), stage.groupsPerStep(), stage.maxStaleness()),
                started);
    }

    /// Whether a policy that was opened for the other can go on with this.
    boolean samePolicy(Recipe other) {
        return model.equals(other.model) && options.equals(other.options);
    }
}
