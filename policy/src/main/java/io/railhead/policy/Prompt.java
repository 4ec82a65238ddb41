package io.railhead.policy;

import java.util.List;
import java.util.Map;

/// What is asked of the policy: the user's text and the pictures that stand before it. The chat template, the image
/// placeholders and the tokens are the policy's own affair.
public record Prompt(String id, String text, List<EncodedImage> images) {
    public Prompt {
        images = List.copyOf(images);
        if (id.isBlank()) {
            throw new IllegalArgumentException("a prompt has an id");
        }
    }

    /// Whether the bytes of all pictures are here.
    public boolean isWhole() {
        return images.stream().allMatch(EncodedImage::isHere);
    }

    /// This prompt with those of the pictures whose bytes are elsewhere replaced that are known here.
    ///
    /// @param known by SHA-256
    public Prompt with(Map<String, EncodedImage> known) {
        return new Prompt(
                id,
                text,
                images.stream()
                        .map(image -> image.isHere() ? image : known.getOrDefault(image.sha256(), image))
                        .toList());
    }
}
