package io.railhead.policy;

import java.util.List;

/// A prompt as the model takes it: tokens with one placeholder a visual token, and the pictures' patches in the same
/// order.
public record EncodedPrompt(TokenIds tokens, List<PatchGrid> grids) {
    public EncodedPrompt {
        grids = List.copyOf(grids);
    }
}
