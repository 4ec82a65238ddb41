package io.railhead.app.supervised;

import io.railhead.policy.EncodedImage;
import io.railhead.policy.TokenIds;
import java.util.List;

/// A question as the model is asked it, and the response that it is to learn.
///
/// @param picture names the picture, alike where the picture is
/// @param prompt with the image placeholders expanded, up to where the response begins
/// @param answer with the token that ends it
record Example(String picture, List<EncodedImage> images, TokenIds prompt, TokenIds answer) {
    Example {
        images = List.copyOf(images);
    }

    int tokens() {
        return prompt.size() + answer.size();
    }
}
