package io.railhead.app.pretrain;

/// How a base model is pretrained. Steps come in three phases: alignment of the vision tower alone, look-ups, then the
/// mixture of all questions; the alignment's loss stays on with a small weight.
///
/// @param mapsPerDifficulty training maps drawn for each difficulty
/// @param mapsPerStep pictures in one step
/// @param questionsPerMap questions packed on each picture
/// @param learningRate at its peak, after the warm-up; it falls as a half cosine to a twentieth
public record PretrainingRecipe(
        long seed,
        int mapsPerDifficulty,
        int mapsPerStep,
        int questionsPerMap,
        int alignmentSteps,
        int lookupSteps,
        int mixtureSteps,
        double alignmentLearningRate,
        double learningRate,
        double alignmentWeight) {
    /// What the shipped base model was made with.
    public static final PretrainingRecipe EMBEDDED =
            new PretrainingRecipe(1, 700, 8, 12, 400, 500, 1400, 2e-3, 1e-3, 0.1);

    private static final int WARM_UP = 50;

    public PretrainingRecipe with(long otherSeed, int alignment, int lookups, int mixture) {
        return new PretrainingRecipe(
                otherSeed,
                mapsPerDifficulty,
                mapsPerStep,
                questionsPerMap,
                alignment,
                lookups,
                mixture,
                alignmentLearningRate,
                learningRate,
                alignmentWeight);
    }

    public int steps() {
        return alignmentSteps + lookupSteps + mixtureSteps;
    }

    /// The learning rate of a step; each phase before the look-ups has its own warm-up.
    double learningRateAt(int step) {
        if (step < alignmentSteps) {
            return alignmentLearningRate * warmUp(step);
        }
        int since = step - alignmentSteps;
        double progress = (double) since / (lookupSteps + mixtureSteps);
        return learningRate * warmUp(since) * (0.05 + 0.95 * 0.5 * (1 + Math.cos(Math.PI * progress)));
    }

    private static double warmUp(int step) {
        return Math.min(1, (step + 1.0) / WARM_UP);
    }
}
