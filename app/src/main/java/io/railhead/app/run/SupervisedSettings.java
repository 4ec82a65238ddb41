package io.railhead.app.run;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;
import io.railhead.learner.LearnerSettings.Optimizer;
import io.railhead.transit.QuestionType;
import java.util.List;

/// How `sft` trains (`railhead.supervised`).
///
/// @param kinds of questions that are learned from; none are those of ReasonMap-Plus, of questions of one's own all
public record SupervisedSettings(
        int steps, int questionsPerStep, List<String> kinds, AnswerStyle responses, Optimizer optimizer, long seed) {
    public SupervisedSettings {
        kinds = List.copyOf(kinds);
    }

    /// Whether the question is one of those that are learned from.
    public boolean learnsFrom(Item item) {
        return switch (item) {
            case Item.OfMap map -> kinds.isEmpty() ? map.type() != QuestionType.PLANNING : kinds.contains(map.kind());
            case Item.Own own -> kinds.isEmpty() || kinds.contains(own.kind());
        };
    }

    public static SupervisedSettings from(Config config) {
        return StrictConfig.read(config, "railhead.supervised", section -> {
            List<String> kinds = section.optional("kinds", section::texts).orElse(List.of());
            return new SupervisedSettings(
                    section.integer("steps", 1, Integer.MAX_VALUE),
                    section.integer("questions-per-step", 1, 1 << 20),
                    kinds,
                    section.choice("responses", AnswerStyle.class),
                    section.section("optimizer", Optimizer::from),
                    section.longInteger("seed", Long.MIN_VALUE, Long.MAX_VALUE));
        });
    }
}
