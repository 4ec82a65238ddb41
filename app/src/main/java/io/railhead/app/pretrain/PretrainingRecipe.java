package io.railhead.app.pretrain;

/// How a base model is pretrained. Steps come in four phases: alignment of the vision tower alone; look-ups;
/// the mixture of all questions, answered by looking first; and habits, the same questions answered at once more often
/// than not.
///
/// The last phase is what leaves something to learn: the model can look, but seldom does. The alignment's loss stays on
/// after its phase, every few steps.
///
/// @param mapsPerDifficulty training maps drawn for each difficulty
/// @param mapsPerStep pictures in one step
/// @param questionsPerMap questions packed on each picture
public record PretrainingRecipe(
        long seed, int mapsPerDifficulty, int mapsPerStep, int questionsPerMap, Steps phases, Rates rates) {
    /// What the shipped base model was made with.
    public static final PretrainingRecipe EMBEDDED =
            new PretrainingRecipe(1, 700, 8, 12, new Steps(400, 500, 1700, 150), new Rates(2e-3, 1e-3, 3e-4, 0.1));

    private static final int WARM_UP = 50;
    private static final int ALIGN_EVERY = 4;

    /// Steps of each phase.
    public record Steps(int alignment, int lookups, int mixture, int habits) {
        int total() {
            return alignment + lookups + mixture + habits;
        }
    }

    /// Learning rates at their peaks, each after a warm-up. That of look-ups and mixture together, and that of the
    /// habits, fall as a half cosine to a twentieth.
    ///
    /// @param alignmentWeight of the alignment's loss after its phase, on average over the steps
    public record Rates(double alignment, double learning, double habits, double alignmentWeight) {}

    /// What a step is for.
    enum Phase {
        ALIGNMENT,
        LOOKUPS,
        MIXTURE,
        HABITS
    }

    public PretrainingRecipe with(long otherSeed, Steps otherPhases) {
        return new PretrainingRecipe(otherSeed, mapsPerDifficulty, mapsPerStep, questionsPerMap, otherPhases, rates);
    }

    public int steps() {
        return phases.total();
    }

    Phase phaseAt(int step) {
        if (step < phases.alignment()) {
            return Phase.ALIGNMENT;
        }
        if (step < phases.alignment() + phases.lookups()) {
            return Phase.LOOKUPS;
        }
        return step < steps() - phases.habits() ? Phase.MIXTURE : Phase.HABITS;
    }

    /// The weight of the alignment's loss in a step; 0 = it is not computed.
    double alignmentWeightAt(int step) {
        if (phaseAt(step) == Phase.ALIGNMENT) {
            return 1;
        }
        return step % ALIGN_EVERY == 0 ? ALIGN_EVERY * rates.alignmentWeight() : 0;
    }

    double learningRateAt(int step) {
        return switch (phaseAt(step)) {
            case ALIGNMENT -> rates.alignment() * warmUp(step);
            case LOOKUPS, MIXTURE ->
                rates.learning() * falling(step - phases.alignment(), phases.lookups() + phases.mixture());
            case HABITS -> rates.habits() * falling(step - (steps() - phases.habits()), phases.habits());
        };
    }

    private static double falling(int step, int of) {
        double progress = (double) step / of;
        return warmUp(step) * (0.05 + 0.95 * 0.5 * (1 + Math.cos(Math.PI * progress)));
    }

    private static double warmUp(int step) {
        return Math.min(1, (step + 1.0) / WARM_UP);
    }
}
