package io.railhead.learner.objective;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// What advantages are made of: the rewards of a group's responses, their lengths, and what each reward consists
/// of.
///
/// @param rewards `[groupSize]`
/// @param tokens length of each response, at least 1, `[groupSize]`
/// @param components named parts of each reward, by name; a part that a response does not have counts as 0
@SuppressWarnings("ArrayRecordComponent") // lives for one train step, never in a message
public record RewardedGroup(double[] rewards, int[] tokens, List<Map<String, Double>> components) {
    public RewardedGroup {
        components = List.copyOf(components);
        if (rewards.length == 0 || tokens.length != rewards.length || components.size() != rewards.length) {
            throw new IllegalArgumentException("%d rewards of %d responses with %d sets of components"
                    .formatted(rewards.length, tokens.length, components.size()));
        }
    }

    /// Of responses of one length without components.
    static RewardedGroup of(double... rewards) {
        int[] tokens = new int[rewards.length];
        Arrays.fill(tokens, 1);
        return new RewardedGroup(rewards, tokens, Collections.nCopies(rewards.length, Map.of()));
    }
}
