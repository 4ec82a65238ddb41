package io.railhead.policy;

import java.util.List;

/// Low-rank adapters on chosen projections: `y = x W' + (alpha / rank) * x A' B'`, A `[rank][in]`, B `[out][rank]`.
///
/// @param targets last parts of the names of the projections that get an adapter, such as `q_proj`, in decoder and
///     vision tower alike, as PEFT's `target_modules`
public record LoraConfig(int rank, double alpha, List<String> targets) {
    public LoraConfig {
        targets = List.copyOf(targets);
        if (rank < 1 || !(alpha > 0) || targets.isEmpty()) {
            throw new IllegalArgumentException("LoRA of rank %d, alpha %s on %s".formatted(rank, alpha, targets));
        }
    }

    public double scale() {
        return alpha / rank;
    }
}
