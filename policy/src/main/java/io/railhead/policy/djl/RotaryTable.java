package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.ComputeType;
import io.railhead.policy.TextConfig;
import io.railhead.policy.vision.TransformerTower;
import java.util.Arrays;

/// Which position axis each rotary frequency turns with, and how fast. One frequency a pair of head dimensions.
record RotaryTable(NDArray axis, NDArray frequency) {
    private static final double VISION_THETA = 10_000;

    /// The decoder's: consecutive sections of the frequencies turn with time, height and width.
    static RotaryTable of(TensorScope owner, TextConfig text) {
        int pairs = text.headDim() / 2;
        int[] axis = new int[pairs];
        int start = 0;
        for (int section = 0; section < text.mropeSection().size(); section++) {
            int end = start + text.mropeSection().get(section);
            Arrays.fill(axis, start, end, section);
            start = end;
        }
        return table(owner, axis, frequencies(text.ropeTheta(), pairs));
    }

    /// The vision tower's: half of the pairs turn with the row, half with the column, at the same frequencies.
    static RotaryTable of(TensorScope owner, TransformerTower vision) {
        int half = vision.hiddenSize() / vision.heads() / 4;
        float[] once = frequencies(VISION_THETA, half);
        int[] axis = new int[2 * half];
        float[] frequency = new float[2 * half];
        for (int i = 0; i < half; i++) {
            axis[half + i] = 1;
            frequency[i] = frequency[half + i] = once[i];
        }
        return table(owner, axis, frequency);
    }

    /// Cosines and sines for positions `[tokens][axes]`, each `[tokens][1][head width]`.
    NDArray[] angles(TensorScope scope, float[] positions, int axes, ComputeType type) {
        return scope.callAll(
                "rotary",
                scope.floats(positions, positions.length / axes, axes),
                axis,
                frequency,
                TensorMemory.number(type));
    }

    private static RotaryTable table(TensorScope owner, int[] axis, float[] frequency) {
        return new RotaryTable(owner.indices(axis), owner.floats(frequency, frequency.length));
    }

    /// In single precision at the same places as PyTorch, so that large positions turn by the same angle.
    private static float[] frequencies(double theta, int count) {
        float[] frequency = new float[count];
        for (int i = 0; i < count; i++) {
            float exponent = (float) i / count;
            frequency[i] = 1 / (float) Math.pow(theta, exponent);
        }
        return frequency;
    }
}
