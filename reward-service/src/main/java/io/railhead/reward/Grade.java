package io.railhead.reward;

import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.Score.Component;
import java.util.List;
import java.util.stream.Stream;

/// A verdict in the terms of the method: `reward = weight * (format + correctness + alpha * detail)`.
///
/// @param details the parts of the detail reward, before `alpha`
/// @param alpha the share of the detail reward
/// @param weight the weight of the question's difficulty
public record Grade(
        boolean correct,
        Component format,
        Component correctness,
        List<Component> details,
        double alpha,
        double weight) {
    public Grade {
        details = List.copyOf(details);
    }

    public double detail() {
        return details.stream().mapToDouble(Component::value).sum();
    }

    public double reward() {
        return weight * (format.value() + correctness.value() + alpha * detail());
    }

    /// The same with each component's worth in the sum, so that `reward` is `weight` times the sum of the components.
    public Score toScore() {
        Stream<Component> scaled = details.stream()
                .map(part -> new Component("detail/" + part.name(), alpha * part.value(), part.reason()));
        return new Score(
                reward(),
                correct,
                weight,
                Stream.concat(Stream.of(format, correctness), scaled).toList());
    }
}
