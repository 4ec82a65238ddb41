package io.railhead.policy.djl;

import java.util.Optional;

/// Tokens `start` to `end` (exclusive) of a sequence, prompt and response counted together, to be computed into its
/// cache blocks. Those before `start` are there already.
///
/// @param features of the prompt's pictures, if it has some
record Chunk(Sequence sequence, int start, int end, Optional<VisionFeatures> features) {
    int size() {
        return end - start;
    }
}
