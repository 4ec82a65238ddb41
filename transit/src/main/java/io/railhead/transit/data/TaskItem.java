package io.railhead.transit.data;

import io.railhead.transit.Question;
import io.railhead.transit.answer.AnswerKey;

/// A question with the picture it is about and the key to its answer.
public record TaskItem(Question question, AnswerKey key, ImageSource image) {}
