package io.railhead.app.ablation;

import io.railhead.app.run.Evaluation;
import io.railhead.transit.Difficulty;
import io.railhead.transit.PlanningForm;
import io.railhead.transit.Question;
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
                .map(answer -> of(answer, answer.item().requireMap("ablate").question()))
                .toList();
    }

    private static ArmAnswer of(Evaluation.Answer answer, Question question) {
        return new ArmAnswer(
                question.id(),
                question.type(),
                question.form(),
                question.mapDifficulty(),
                question.questionTransferCount(),
                answer.correct(),
                answer.mapScore(),
                answer.tokens());
    }
}
