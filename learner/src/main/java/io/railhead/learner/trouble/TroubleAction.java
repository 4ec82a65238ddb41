package io.railhead.learner.trouble;

import java.util.Locale;

/// What is done about trouble, from the mildest to the hardest; of several the hardest is done.
public enum TroubleAction {
    /// It is told, and the step is made all the same.
    WARN,

    /// The optimiser step in which it was found is not taken; others of the same train step are.
    SKIP,

    /// No optimiser step of the train step is taken: weights and optimiser are those of before.
    ROLL_BACK,

    /// As ROLL_BACK, and the run fails.
    FAIL;

    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean isAtLeast(TroubleAction other) {
        return compareTo(other) >= 0;
    }
}
