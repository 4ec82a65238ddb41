package io.railhead.app.ablation;

import io.railhead.app.run.Evaluation;
import io.railhead.transit.Difficulty;
import io.railhead.transit.PlanningForm;
import io.railhead.transit.QuestionType;
import java.util.List;

/// What an answer was worth, with what the measures need to know of its question.
public record ArmAnswer(
        String id,
        QuestionType type,
        PlanningForm form,
        Difficulty mapDifficulty,
        int transfers,
        boolean correct,
        double mapScore,
        int tokens) {
    /// Of an evaluation, in its order.
    public static List<ArmAnswer> of(Evaluation evaluation) {
        return evaluation.answers().stream()
                .map(answer -> new ArmAnswer(
                        answer.question().id(),
                        answer.question().type(),
                        answer.question().form(),
                        answer.question().mapDifficulty(),
                        answer.question().questionTransferCount(),
                        answer.correct(),
                        answer.mapScore(),
                        answer.tokens()))
                .toList();
    }
}
