package io.railhead.reward;

import io.railhead.actors.protocol.Score.Component;
import io.railhead.transit.answer.AnswerKey;
import io.railhead.transit.answer.ListedStops;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The detail reward of Counting1, between 0 and 1: the share of the stops between the two stations that the response
/// lists as `Stops: [...]`, less one stop's worth for each that is wrong or listed again, but not below 0.
///
/// The published scorer has such a reward and never calls it. Its question does not ask for the list, so that a
/// response without one loses nothing that the published scorer gives; a policy that looks before it counts can
/// earn more.
final class StopsDetail {
    private static final List<Component> NO_LIST =
            List.of(new Component("detail/stops", 0, "no list of the stops between"));

    private StopsDetail() {}

    static List<Component> of(AnswerKey key, String response) {
        if (key.lines().isEmpty()) {
            return List.of(); // the item came without its line
        }
        Optional<List<String>> listed = ListedStops.in(response);
        if (listed.isEmpty()) {
            return NO_LIST;
        }
        List<Set<String>> ways = ListedStops.between(key);
        if (ways.isEmpty()) {
            return List.of(); // the item came with another line
        }
        List<String> names = listed.get().stream()
                .map(name -> key.network().name(name).key())
                .toList();
        Component best = along(ways.getFirst(), names);
        for (Set<String> way : ways) {
            Component other = along(way, names);
            best = other.value() > best.value() ? other : best;
        }
        return List.of(best);
    }

    private static Component along(Set<String> between, List<String> names) {
        Set<String> right = new HashSet<>(names);
        right.retainAll(between);
        int wrong = names.size() - right.size();
        int needed = Math.max(1, between.size()); // none between: an empty list is right, as if it were one stop
        int found = between.isEmpty() ? 1 : right.size();
        return new Component(
                "detail/stops",
                (double) Math.max(0, found - wrong) / needed,
                right.size() + " of " + between.size() + " stops, " + wrong + " wrong or again");
    }
}
