package io.railhead.app.run;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;

/// Evaluation by greedy answers (`railhead.eval`). `questions` is what a training run asks before and after.
public record EvalSettings(int questions, int maxTokens) {
    public static EvalSettings from(Config config) {
        return StrictConfig.read(
                config,
                "railhead.eval",
                section -> new EvalSettings(
                        section.integer("questions", 0, Integer.MAX_VALUE), section.integer("max-tokens", 1, 1 << 20)));
    }
}
