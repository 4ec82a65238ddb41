package io.railhead.actors.protocol;

import io.railhead.policy.EncodedImage;
import java.util.Map;

/// A trajectory: what is trained on.
public record ScoredRollout(Rollout rollout, Score score) implements WireMessage {
    /// This trajectory with those of its pictures that are known.
    public ScoredRollout with(Map<String, EncodedImage> known) {
        return new ScoredRollout(rollout.with(known), score);
    }
}
