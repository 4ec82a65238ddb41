package io.railhead.policy;

import java.util.List;

/// One prefix (prompt tokens with the image placeholders expanded, and the pictures) with the continuations that share
/// it.
///
/// A row is computed in one pass: the prefix once, each continuation attending to the prefix and to itself, never to
/// another continuation. Its log-probabilities equal those of each prefix + continuation computed alone, up to
/// rounding.
public record TrainingRow(TokenIds prefix, List<EncodedImage> images, List<TokenIds> continuations) {
    public TrainingRow {
        images = List.copyOf(images);
        continuations = List.copyOf(continuations);
        if (prefix.size() == 0) {
            throw new IllegalArgumentException("a row has a prefix");
        }
        if (continuations.isEmpty() || continuations.stream().anyMatch(c -> c.size() == 0)) {
            throw new IllegalArgumentException("a row has continuations, each with a token");
        }
    }
}
