package io.railhead.app.run;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;
import io.railhead.learner.LearnerSettings.Optimizer;
import io.railhead.transit.QuestionType;
import java.util.List;

/// How `sft` trains (`railhead.supervised`).
///
/// @param kinds of questions that are learned from
public record SupervisedSettings(
        int steps,
        int questionsPerStep,
        List<QuestionType> kinds,
        AnswerStyle responses,
        Optimizer optimizer,
        long seed) {
    public SupervisedSettings {
        kinds = List.copyOf(kinds);
    }

    public static SupervisedSettings from(Config config) {
        return StrictConfig.read(config, "railhead.supervised", section -> {
            List<QuestionType> kinds = section.texts("kinds").stream()
                    .map(QuestionType::ofWireName)
                    .toList();
            if (kinds.isEmpty()) {
                throw section.contradiction("kinds", "names no kind of question");
            }
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
