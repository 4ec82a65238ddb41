package io.railhead.app.questions;

import io.railhead.reward.OwnQuestion;
import io.railhead.transit.data.ImageSource;
import java.util.List;
import java.util.Optional;

/// One line of a file of questions.
///
/// @param response what supervised training imitates, if the line says it
/// @param images in the order in which the model sees them; none for a question of text alone
public record OwnItem(OwnQuestion question, Optional<String> response, List<ImageSource> images) {
    public OwnItem {
        images = List.copyOf(images);
    }

    /// What a right response would be: the line's own, or the bare answer.
    public String reference() {
        return response.orElseGet(question::answerText);
    }
}
