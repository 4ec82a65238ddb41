package io.railhead.app.run;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;
import io.railhead.transit.metric.EvaluationMode;
import io.railhead.transit.metric.Intervals;

/// Evaluation by greedy answers (`railhead.eval`). `questions` is what a training run asks before and after.
public record EvalSettings(int questions, int maxTokens, EvaluationMode mode, Intervals intervals) {
    public static EvalSettings from(Config config) {
        return StrictConfig.read(
                config,
                "railhead.eval",
                section -> new EvalSettings(
                        section.integer("questions", 0, Integer.MAX_VALUE),
                        section.integer("max-tokens", 1, 1 << 20),
                        section.choice("mode", EvaluationMode.class),
                        section.choice("intervals", Intervals.class)));
    }
}
