package io.railhead.policy;

import java.util.List;

/// What is asked of the policy: the user's text and the pictures that stand before it. The chat template, the image
/// placeholders and the tokens are the policy's own affair.
public record Prompt(String id, String text, List<EncodedImage> images) {
    public Prompt {
        images = List.copyOf(images);
        if (id.isBlank()) {
            throw new IllegalArgumentException("a prompt has an id");
        }
    }
}
