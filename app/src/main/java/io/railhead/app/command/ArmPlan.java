package io.railhead.app.command;

import com.typesafe.config.Config;
import io.railhead.app.ablation.Arm;
import io.railhead.app.run.LayeredConfig;
import io.railhead.app.run.RunPlan;
import io.railhead.app.supervised.SupervisedPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// One arm with one seed as configurations.
record ArmPlan(Arm arm, long seed, ArmBudget budget, LayeredConfig layers) {
    boolean hasSupervised() {
        return budget.supervisedSteps(arm) > 0;
    }

    boolean hasReinforcement() {
        return budget.supervisedSteps(arm) < budget.steps();
    }

    SupervisedPlan supervised() throws IOException {
        return SupervisedPlan.of(resolve(Map.of(
                "railhead.supervised.steps", budget.supervisedSteps(arm),
                "railhead.supervised.questions-per-step", budget.responsesPerStep(),
                "railhead.supervised.seed", seed)));
    }

    /// @param model what it starts from, if that is not the configuration's
    Config reinforcement(Path directory, Optional<Path> model) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("railhead.run.dir", directory.toString());
        settings.put("railhead.stage.seed", seed);
        settings.put("railhead.stage.steps", budget.steps() - budget.supervisedSteps(arm));
        budget.time().ifPresent(limit -> {
            Duration left = limit.minus(budget.supervisedTime(arm).orElse(Duration.ZERO));
            settings.put("railhead.run.time-limit", left.toMillis() + "ms");
        });
        model.ifPresent(folder -> settings.put("railhead.policy.model", folder.toString()));
        return resolve(settings);
    }

    /// Reads all that it is started with.
    void check() throws IOException {
        if (hasSupervised()) {
            supervised();
        }
        if (hasReinforcement()) {
            RunPlan.of(reinforcement(Path.of("unused"), Optional.empty()));
        }
    }

    private Config resolve(Map<String, Object> own) {
        Map<String, Object> options = new HashMap<>(layers.options());
        arm.settings().forEach((key, value) -> options.put("railhead." + key, value));
        options.putAll(own);
        return new LayeredConfig(layers.profile(), layers.file(), layers.assignments(), options).resolve();
    }
}
