package io.railhead.app.ablation;

import io.railhead.transit.Difficulty;
import io.railhead.transit.PlanningForm;
import io.railhead.transit.QuestionType;
import java.util.ArrayList;
import java.util.List;

/// Results of a few questions: two of planning, one of each other group.
final class Answers {
    private Answers() {}

    static ArmResult result(String arm, long seed, double seconds, boolean... correct) {
        List<ArmAnswer> answers = new ArrayList<>();
        for (int i = 0; i < correct.length; i++) {
            QuestionType type = List.of(
                            QuestionType.PLANNING, QuestionType.PLANNING, QuestionType.COUNTING2, QuestionType.TORF1)
                    .get(i);
            Difficulty difficulty = i == 0 ? Difficulty.HARD : Difficulty.EASY;
            double mapScore = type == QuestionType.PLANNING && correct[i] ? 20 : 0;
            answers.add(new ArmAnswer(
                    "q" + i, type, PlanningForm.SHORT, difficulty, i == 0 ? 2 : 0, correct[i], mapScore, 5));
        }
        return seed == 0
                ? ArmResult.ofBase(answers)
                : new ArmResult(arm, seed, "finished", 10, 1280, seconds, arm.startsWith("waiting") ? 50 : 0, answers);
    }
}
