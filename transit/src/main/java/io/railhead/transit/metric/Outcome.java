package io.railhead.transit.metric;

import io.railhead.transit.Difficulty;
import io.railhead.transit.PlanningForm;
import io.railhead.transit.Question;
import io.railhead.transit.QuestionType;
import io.railhead.transit.answer.AnswerKey;

/// The verdict on one response, with what metrics need to know of its question.
///
/// @param form what a planning question wanted to be told; short for all others
/// @param mapScore of a planning answer; 0 for all others
/// @param tokens the length of the response
public record Outcome(
        QuestionType type,
        Difficulty mapDifficulty,
        int transfers,
        boolean correct,
        PlanningForm form,
        double mapScore,
        int tokens) {
    public Outcome(QuestionType type, Difficulty mapDifficulty, int transfers, boolean correct) {
        this(type, mapDifficulty, transfers, correct, PlanningForm.SHORT, 0, 0);
    }

    public static Outcome of(Question question, boolean correct) {
        return new Outcome(question.type(), question.mapDifficulty(), question.questionTransferCount(), correct);
    }

    public static Outcome of(AnswerKey key, boolean correct) {
        return new Outcome(key.type(), key.mapDifficulty(), key.questionTransferCount(), correct);
    }
}
