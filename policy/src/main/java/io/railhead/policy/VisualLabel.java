package io.railhead.policy;

/// A word that a visual token shows, for the supervised alignment of a vision tower with the word embeddings.
///
/// @param visualToken index among the picture's visual tokens, row by row
/// @param tokenId the word
/// @param share of the visual token's probability that the word should get; the shares of one token add up to 1
public record VisualLabel(int visualToken, int tokenId, double share) {
    public VisualLabel {
        if (visualToken < 0 || tokenId < 0 || !(share > 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "visual token %d, token %d, share %s".formatted(visualToken, tokenId, share));
        }
    }
}
