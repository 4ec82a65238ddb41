package io.railhead.actors.protocol;

import io.railhead.policy.EncodedImage;
import io.railhead.policy.Prompt;
import java.util.Map;

/// A prompt with its place in the curriculum. `kind` and `difficulty` are what stages select by; `answerKey` is
/// what the scorer of this kind needs, opaque to everyone else.
///
/// Between nodes its pictures travel by name alone, see [PictureCommand].
public record Task(Prompt prompt, String kind, String difficulty, String answerKey) {
    /// @param known by SHA-256
    public Task with(Map<String, EncodedImage> known) {
        return new Task(prompt.with(known), kind, difficulty, answerKey);
    }
}
