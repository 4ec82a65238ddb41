package io.railhead.policy.djl;

import io.railhead.policy.EncodedImage;
import io.railhead.policy.Prompt;
import io.railhead.policy.TokenIds;
import io.railhead.policy.TrainablePolicy;
import io.railhead.policy.TrainingRow;
import java.util.List;

/// Training rows for the tiny model: ragged prompts, pictures of several sizes, ragged continuations.
final class TinyRows {
    private TinyRows() {}

    static List<TrainingRow> ragged(TrainablePolicy policy) {
        EncodedImage shared = TinyModel.picture(40, 24, 2);
        return List.of(
                row(policy, "Which line?", List.of(TinyModel.picture(16, 16, 1)), "yes", "no, never", "a"),
                row(policy, "No picture", List.of(), "b"),
                row(policy, "?", List.of(shared, TinyModel.picture(8, 56, 3)), "Line 1", "xyz"),
                row(policy, "Once more", List.of(shared), "12", "3456789"));
    }

    static TrainingRow row(TrainablePolicy policy, String text, List<EncodedImage> images, String... responses) {
        TokenIds prefix = policy.tokenize(new Prompt("p", text, images));
        return new TrainingRow(
                prefix,
                images,
                List.of(responses).stream().map(TinyRows::tokens).toList());
    }

    /// One token a character, as the tiny tokenizer has it.
    static TokenIds tokens(String text) {
        return TokenIds.of(text.chars().toArray());
    }
}
