package io.railhead.transit.metric;

import io.railhead.transit.Difficulty;
import io.railhead.transit.Question;
import io.railhead.transit.QuestionType;
import io.railhead.transit.answer.AnswerKey;

/// The verdict on one response, with what metrics need to know of its question.
public record Outcome(QuestionType type, Difficulty mapDifficulty, int transfers, boolean correct) {
    public static Outcome of(Question question, boolean correct) {
        return new Outcome(question.type(), question.mapDifficulty(), question.questionTransferCount(), correct);
    }

    public static Outcome of(AnswerKey key, boolean correct) {
        return new Outcome(key.type(), key.mapDifficulty(), key.questionTransferCount(), correct);
    }
}
