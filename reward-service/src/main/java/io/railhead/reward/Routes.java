package io.railhead.reward;

import io.railhead.actors.protocol.Score.Component;
import java.util.List;

/// What several profiles say of a route.
final class Routes {
    static final String RIGHT = "the route leads there";
    static final String WRONG = "the route does not lead there";

    private Routes() {}

    /// The same, and if they are worth more than that, what is taken off.
    static List<Component> atMost(double highest, List<Component> parts) {
        double sum = Grade.sum(parts);
        if (sum <= highest) {
            return parts;
        }
        Component[] all = parts.toArray(new Component[parts.size() + 1]);
        all[parts.size()] = new Component("detail/bound", highest - sum, "at most " + highest);
        return List.of(all);
    }
}
