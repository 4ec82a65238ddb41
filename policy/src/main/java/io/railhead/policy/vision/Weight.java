package io.railhead.policy.vision;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// One weight of a tower, by its name within the tower.
public record Weight(String name, List<Long> shape) {
    private static final List<String> STATISTICS = List.of(".running_mean", ".running_var");

    public Weight {
        shape = List.copyOf(shape);
    }

    static Weight of(String name, long... shape) {
        return new Weight(name, Arrays.stream(shape).boxed().toList());
    }

    /// Weight and bias of a linear layer.
    static Stream<Weight> linear(String layer, long out, long in) {
        return Stream.of(of(layer + ".weight", out, in), of(layer + ".bias", out));
    }

    /// Scale, shift, running mean and running variance of a batch norm.
    static Stream<Weight> norm(String layer, long channels) {
        return Stream.of("weight", "bias", "running_mean", "running_var").map(part -> of(layer + "." + part, channels));
    }

    /// Projects the features of `merge` squared patches, each `width` wide, to a visual token.
    static List<Weight> merger(long width, long merge, long out) {
        long merged = width * merge * merge;
        return Stream.of(
                        Stream.of(of("merger.ln_q.weight", width)),
                        linear("merger.mlp.0", merged, merged),
                        linear("merger.mlp.2", out, merged))
                .flatMap(parts -> parts)
                .toList();
    }

    /// Whether the weight of this name, also within a whole model, is a mean or variance that batch norm has seen: it
    /// is stored like a weight, in 32 bits where passes compute, but no gradient changes it.
    public static boolean isStatistic(String name) {
        return STATISTICS.stream().anyMatch(name::endsWith);
    }

    boolean trained() {
        return !isStatistic(name);
    }

    long elements() {
        return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
    }
}
