package io.railhead.transit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;

/// The lines of one city, in the order of its data file, each with its stations in the order they are served. A station
/// is its name: lines that hold the same name meet there. Immutable.
///
/// @param layouts how the lists of lines with branches or open loops are to be read; other lines need none
public record TransitNetwork(String city, SequencedMap<String, List<String>> lines, Map<String, LineLayout> layouts) {
    public TransitNetwork(String city, SequencedMap<String, List<String>> lines) {
        this(city, lines, Map.of());
    }

    public TransitNetwork {
        if (city.isBlank()) {
            throw new IllegalArgumentException("a network has a city");
        }
        var copy = new LinkedHashMap<String, List<String>>();
        lines.forEach((line, stations) -> {
            if (line.isBlank() || stations.isEmpty() || stations.stream().anyMatch(String::isBlank)) {
                throw new IllegalArgumentException("line '%s' of %s has stations %s".formatted(line, city, stations));
            }
            copy.put(line, List.copyOf(stations));
        });
        if (copy.isEmpty()) {
            throw new IllegalArgumentException(city + " has no line");
        }
        lines = Collections.unmodifiableSequencedMap(copy);
        layouts = Map.copyOf(layouts);
        if (!copy.keySet().containsAll(layouts.keySet())) {
            throw new IllegalArgumentException("layouts of " + layouts.keySet() + " in a network of " + copy.keySet());
        }
    }

    /// The neighbours and distances of each line, computed anew at each call.
    public SequencedMap<String, LineShape> shapes() {
        var shapes = new LinkedHashMap<String, LineShape>();
        lines.forEach((line, stations) ->
                shapes.put(line, new LineShape(stations, layouts.getOrDefault(line, LineLayout.PLAIN))));
        return shapes;
    }

    /// Each station once, in order of first appearance.
    public SequencedSet<String> stations() {
        var all = new LinkedHashSet<String>();
        lines.values().forEach(all::addAll);
        return Collections.unmodifiableSequencedSet(all);
    }

    /// The names of the lines that serve the station, in the order of the file; empty if there is no such station.
    public List<String> linesThrough(String station) {
        var through = new ArrayList<String>();
        lines.forEach((line, stations) -> {
            if (stations.contains(station)) {
                through.add(line);
            }
        });
        return List.copyOf(through);
    }

    /// The lines that serve both stations.
    public List<String> commonLines(String station1, String station2) {
        var common = new ArrayList<>(linesThrough(station1));
        common.retainAll(linesThrough(station2));
        return List.copyOf(common);
    }
}
