package io.railhead.transit.data;

import io.railhead.transit.Question;
import io.railhead.transit.answer.AnswerKey;

/// A question with the picture it is about and the key to its answer.
///
/// @param ownRoutes whether the reference routes are the data's own; if not, a row had none and they were planned when
///     it was read
public record TaskItem(Question question, AnswerKey key, ImageSource image, boolean ownRoutes) {
    public TaskItem(Question question, AnswerKey key, ImageSource image) {
        this(question, key, image, true);
    }
}
