package io.railhead.learner;

import io.railhead.policy.PolicyVersion;

/// The learning rate of each version's train step: linear warm-up to the peak, then decay to a share of it.
///
/// A function of the version alone, so a resumed run goes on as the interrupted one would have.
///
/// @param peak learning rate after warm-up
/// @param warmupSteps train steps that the warm-up takes; the last of them has the peak rate. 0 = none
/// @param decaySteps train steps from the peak to the end of the decay; the rate stays there afterwards
/// @param finalShare of the peak at the end of the decay
public record LearningRate(double peak, int warmupSteps, Decay decay, int decaySteps, double finalShare) {
    /// How the rate falls after warm-up.
    public enum Decay {
        CONSTANT,
        LINEAR,
        COSINE
    }

    public LearningRate {
        if (decay != Decay.CONSTANT && decaySteps < 1) {
            throw new IllegalArgumentException("decay-steps = " + decaySteps + " must be at least 1 for a decay");
        }
    }

    public static LearningRate constant(double rate) {
        return new LearningRate(rate, 0, Decay.CONSTANT, 0, 0);
    }

    /// The rate of the step that makes the version after `from`.
    public double stepFrom(PolicyVersion from) {
        long step = from.number();
        if (step + 1 < warmupSteps) {
            return peak * (step + 1) / warmupSteps;
        }
        double past = step - Math.max(0, warmupSteps - 1); // steps since the peak
        return peak
                * switch (decay) {
                    case CONSTANT -> 1;
                    case LINEAR -> 1 - (1 - finalShare) * progress(past);
                    case COSINE -> finalShare + (1 - finalShare) * (1 + Math.cos(Math.PI * progress(past))) / 2;
                };
    }

    private double progress(double past) {
        return Math.min(1, past / decaySteps);
    }
}
