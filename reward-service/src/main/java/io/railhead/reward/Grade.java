package io.railhead.reward;

import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.Score.Component;
import java.util.List;

/// A verdict in the terms of the method: `reward = weight * (format + correctness + alpha * detail)`.
///
/// @param details the parts of the detail reward, named `detail/...`, before `alpha`
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
        return sum(details);
    }

    public double reward() {
        return weight * (format.value() + correctness.value() + alpha * detail());
    }

    /// The same with each component's worth in the sum, so that `reward` is `weight` times the sum of the components.
    public Score toScore() {
        Component[] components = new Component[2 + details.size()];
        components[0] = format;
        components[1] = correctness;
        for (int i = 0; i < details.size(); i++) {
            Component part = details.get(i);
            components[2 + i] = new Component(part.name(), alpha * part.value(), part.reason());
        }
        return new Score(reward(), correct, weight, List.of(components));
    }

    static double sum(List<Component> parts) {
        double sum = 0;
        for (Component part : parts) {
            sum += part.value();
        }
        return sum;
    }
}
