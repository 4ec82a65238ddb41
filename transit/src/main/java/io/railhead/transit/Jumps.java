package io.railhead.transit;

import io.railhead.transit.Repair.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;

/// Where a list may jump to a branch that nobody marked. A list alone cannot tell; another line can hint at it: it
/// comes to a station from one that lies further back in the list than the one before it. A line with more stops
/// than the other looks alike, so that what is found is for people to look at.
final class Jumps {
    private final SequencedMap<String, List<String>> lines;
    private final Map<String, SequencedMap<String, Set<String>>> near =
            new HashMap<>(); // station -> neighbour -> lines

    Jumps(SequencedMap<String, List<String>> lines) {
        this.lines = lines;
        lines.forEach((line, stations) -> {
            for (int i = 1; i < stations.size(); i++) {
                add(stations.get(i - 1), stations.get(i), line);
                add(stations.get(i), stations.get(i - 1), line);
            }
        });
    }

    private void add(String station, String neighbour, String line) {
        near.computeIfAbsent(station, _ -> new LinkedHashMap<>())
                .computeIfAbsent(neighbour, _ -> new TreeSet<>())
                .add(line);
    }

    /// At most one of each two neighbours, in the order of the list.
    List<Repair> of(String line) {
        List<String> stations = lines.getOrDefault(line, List.of());
        List<Repair> found = new ArrayList<>();
        for (int i = 1; i < stations.size(); i++) {
            String before = stations.get(i - 1);
            String here = stations.get(i);
            if (neighbours(here).getOrDefault(before, Set.of()).size() > 1) {
                continue; // another line goes that way too
            }
            for (var neighbour : neighbours(here).entrySet()) {
                int back = stations.indexOf(neighbour.getKey());
                if (back >= 0 && back < i - 1 && !neighbour.getValue().contains(line)) {
                    found.add(new Repair(
                            Kind.POSSIBLE_BRANCH,
                            line,
                            here,
                            "%s may not be next to %s but to %s, as on %s; read as listed"
                                    .formatted(
                                            here,
                                            before,
                                            neighbour.getKey(),
                                            String.join(", ", neighbour.getValue()))));
                    break;
                }
            }
        }
        return found;
    }

    private SequencedMap<String, Set<String>> neighbours(String station) {
        return near.getOrDefault(station, new LinkedHashMap<>());
    }
}
