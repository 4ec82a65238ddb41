package io.railhead.policy.djl;

import io.railhead.policy.EncodedPrompt;
import io.railhead.policy.MropePositions;
import io.railhead.policy.PatchGrid;
import io.railhead.policy.PolicyConfig;
import io.railhead.policy.TokenIds;
import java.util.List;

/// A prompt with the rotary position of each token, and which visual token stands for which placeholder.
///
/// @param next the rotary position of the first token of the response
/// @param visualTokens for each token its visual token's number, in the order of the pictures, or -1 for text
@SuppressWarnings("ArrayRecordComponent") // lives as long as its request
record PromptLayout(TokenIds tokens, List<PatchGrid> grids, int[][] positions, int next, int[] visualTokens) {
    /// @throws io.railhead.policy.PromptRejectedException if placeholders and pictures do not match
    static PromptLayout of(EncodedPrompt prompt, PolicyConfig config) {
        int placeholder = config.imageTokenId();
        TokenIds tokens = prompt.tokens();
        MropePositions rotary = MropePositions.of(tokens, config, prompt.grids());
        int[] visualTokens = new int[tokens.size()];
        int seen = 0;
        for (int i = 0; i < visualTokens.length; i++) {
            visualTokens[i] = tokens.get(i) == placeholder ? seen++ : -1;
        }
        return new PromptLayout(tokens, prompt.grids(), rotary.positions(), rotary.next(), visualTokens);
    }

    int size() {
        return tokens.size();
    }

    /// The rotary position of a token of the prompt or of the response behind it.
    int position(int axis, int index) {
        return index < size() ? positions[axis][index] : next + index - size();
    }

    int visualToken(int index) {
        return index < size() ? visualTokens[index] : -1;
    }
}
