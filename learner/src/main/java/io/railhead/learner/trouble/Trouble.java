package io.railhead.learner.trouble;

import io.railhead.actors.protocol.LeaseId;
import java.util.Arrays;
import java.util.List;

/// Trouble that was found in a train step.
///
/// @param optimiserStep of the train step in which it was found, from 0; for trouble of the whole batch 0
/// @param cause in words, with the numbers
/// @param samples that are to blame, the worst known ones
public record Trouble(TroubleKind kind, TroubleAction action, int optimiserStep, String cause, List<Offender> samples) {
    public Trouble {
        samples = List.copyOf(samples);
    }

    /// A sample as it was when the trouble was found.
    ///
    /// @param why in words
    /// @param logProbs of the policy in training, one a token; empty where it was not computed yet
    public record Offender(LeaseId lease, int sampleIndex, String why, double advantage, List<Float> logProbs) {
        public Offender {
            logProbs = List.copyOf(logProbs);
        }

        static List<Float> list(float[] values) {
            Float[] boxed = new Float[values.length];
            Arrays.setAll(boxed, i -> values[i]);
            return List.of(boxed);
        }
    }

    /// The hardest of their actions.
    public static TroubleAction hardest(List<Trouble> troubles) {
        return troubles.stream().map(Trouble::action).reduce(TroubleAction.WARN, (a, b) -> a.isAtLeast(b) ? a : b);
    }

    public boolean stops() {
        return action == TroubleAction.FAIL;
    }

    /// With numbers: `not-finite-loss in optimiser step 0: ...`.
    @Override
    public String toString() {
        return "%s in optimiser step %d: %s".formatted(kind.label(), optimiserStep, cause);
    }
}
