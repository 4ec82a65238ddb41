package io.railhead.policy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The element type of weights and activations in passes. Log-probabilities, optimiser state and the weights that the
/// optimiser changes are 32-bit floats whatever the passes are computed in.
public enum ComputeType {
    FLOAT32,
    BFLOAT16;

    /// By the name that `config.json` and the settings use, such as `bfloat16`.
    public static Optional<ComputeType> of(String name) {
        return Arrays.stream(values())
                .filter(type -> type.wireName().equals(name))
                .findFirst();
    }

    /// Of one number.
    public int bytes() {
        return switch (this) {
            case FLOAT32 -> 4;
            case BFLOAT16 -> 2;
        };
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
