package io.railhead.app.run;

import com.typesafe.config.Config;
import io.railhead.actors.cluster.ClusterSettings;
import io.railhead.actors.cluster.Role;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.actors.stage.Curriculum;
import io.railhead.actors.stage.StageSettings;
import io.railhead.actors.telemetry.TelemetrySettings;
import io.railhead.actors.weights.WeightsSettings;
import io.railhead.app.status.HttpSettings;
import io.railhead.app.tracing.TraceSettings;
import io.railhead.app.trackers.TrackerSettings;
import io.railhead.learner.LearnerSettings;
import io.railhead.policy.djl.DeviceMissingException;
import io.railhead.policy.djl.EngineOptions;
import io.railhead.policy.djl.NativeSelfTest;
import io.railhead.policy.djl.TrainingOptions;
import io.railhead.reward.RewardSettings;
import io.railhead.rollout.RolloutSettings;
import io.railhead.transit.data.Split;
import java.io.IOException;
import java.util.Set;

/// All that a run is started with, read and checked before anything is written.
public record RunPlan(
        Config config,
        RunSettings run,
        StageSettings stage,
        RolloutSettings rollout,
        RewardSettings reward,
        LearnerSettings learner,
        WeightsSettings weights,
        TelemetrySettings telemetry,
        TrackerSettings trackers,
        PolicySettings policy,
        EvalSettings eval,
        PolicySource model,
        TaskSource train,
        TaskSource heldOut) {
    public RunPlan {
        if (stage.groupSize() > policy.engine().limits().slots()) {
            throw new ConfigurationException(
                    "railhead.stage.group-size = %d is more than railhead.policy.slots = %d: a group starts together"
                            .formatted(
                                    stage.groupSize(), policy.engine().limits().slots()));
        }
        if (!(stage.sampling().temperature() > 0)) {
            throw new ConfigurationException(
                    "railhead.stage.sampling.temperature = %s must be above 0: greedy groups have equal responses"
                            .formatted(stage.sampling().temperature()));
        }
        if (rollout.remote().isPresent() && policy.engine().lora().isPresent()) {
            throw new ConfigurationException("railhead.policy.lora.rank is above 0, but the server of"
                    + " railhead.rollout.remote takes whole weights only");
        }
        train.requireScoredBy(reward);
        if (train.items().isEmpty()) {
            throw new UsageException("the data has no question to train on");
        }
        Curriculum.of(stage.curriculum(), train.catalogue(), stage.seed()); // refuses stages that have no prompts
    }

    /// @throws ConfigurationException if a key is unknown or a value not usable
    /// @throws IOException if the model cannot be opened
    public static RunPlan of(Config config) throws IOException {
        ClusterSettings.from(config);
        HttpSettings.from(config);
        TraceSettings.from(config);
        SupervisedSettings.from(config);
        DataSettings data = DataSettings.from(config);
        PolicySettings policy = PolicySettings.from(config);
        TaskSource train = TaskSource.of(data, Split.TRAIN);
        TaskSource heldOut = TaskSource.of(data, Split.TEST);
        return new RunPlan(
                config,
                RunSettings.from(config),
                StageSettings.from(config),
                RolloutSettings.from(config),
                RewardSettings.from(config),
                LearnerSettings.from(config),
                WeightsSettings.from(config),
                TelemetrySettings.from(config),
                TrackerSettings.from(config),
                policy,
                EvalSettings.from(config),
                PolicySource.of(policy.model()),
                train,
                heldOut);
    }

    public TrainingOptions training() {
        return policy.trainingAt(stage.sampling());
    }

    /// Of a node with the role rollout.
    public int rolloutWorkers() {
        return rollout.remote().isPresent() ? 1 : policy.engines().size();
    }

    /// What a node with these roles needs, in this JVM.
    public MemoryPlan memory(Set<Role> roles) {
        return MemoryPlan.of(this, roles, Runtime.getRuntime().maxMemory());
    }

    /// Makes sure, before anything is written, that this machine can compute on the devices that a node with these
    /// roles uses, and has memory for what stays there.
    ///
    /// @throws DeviceMissingException if it does not have one of them
    /// @throws UsageException if its memory is too small, with the numbers
    public void requireMachine(Set<Role> roles) throws DeviceMissingException {
        memory(roles).requireFitting();
        if (roles.contains(Role.ROLLOUT) && rollout.remote().isEmpty()) {
            for (EngineOptions engine : policy.engines()) {
                NativeSelfTest.ensurePassed(engine.compute());
            }
        }
        if (roles.contains(Role.LEARNER)) {
            NativeSelfTest.ensurePassed(policy.training().compute());
        }
    }
}
