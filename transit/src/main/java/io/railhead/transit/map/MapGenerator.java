package io.railhead.transit.map;

import io.railhead.transit.Difficulty;
import io.railhead.transit.Seeds;
import io.railhead.transit.TransitNetwork;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// Draws a map of a given difficulty: easy 2-3 lines of 4-6 stations, middle 3-4 of 5-7, hard 5-6 of 5-8.
///
/// A layout that runs into a corner is given up and the next derived seed tried, [#MAX_TRIES] times at most, so the
/// time is bounded; a hard map succeeds at every third try or so.
public final class MapGenerator {
    static final int MAX_TRIES = 1000;

    private MapGenerator() {}

    /// @throws IllegalStateException if no try succeeded, which no seed has been seen to do
    public static GeneratedMap generate(long seed, Difficulty difficulty) {
        MapSize size = MapSize.of(difficulty);
        for (int i = 0; i < MAX_TRIES; i++) {
            Random random = Seeds.random(Seeds.derive(seed, i));
            List<List<GridCell>> lines = Layout.tryOnce(random, size);
            if (lines != null) {
                return named(lines, difficulty, random, "generated-" + difficulty.wireName() + "-" + seed);
            }
        }
        throw new IllegalStateException(
                "no " + difficulty.wireName() + " map in " + MAX_TRIES + " tries of seed " + seed);
    }

    private static GeneratedMap named(List<List<GridCell>> paths, Difficulty difficulty, Random random, String city) {
        List<Integer> numbers =
                shuffled(IntStream.rangeClosed(1, GeneratedMap.MAX_LINES), random).subList(0, paths.size()).stream()
                        .sorted()
                        .toList();
        List<String> letters = shuffled(IntStream.rangeClosed('A', 'Z'), random).stream()
                .map(Character::toString)
                .toList();
        var names = new HashMap<GridCell, String>();
        var lines = new LinkedHashMap<String, List<String>>();
        var cells = new LinkedHashMap<String, GridCell>();
        for (int i = 0; i < paths.size(); i++) {
            var stations = new ArrayList<String>();
            for (GridCell cell : fromTopLeft(paths.get(i))) {
                String name = names.computeIfAbsent(cell, _ -> letters.get(names.size()));
                cells.put(name, cell);
                stations.add(name);
            }
            lines.put(GeneratedMap.lineName(numbers.get(i)), stations);
        }
        return new GeneratedMap(new TransitNetwork(city, lines), difficulty, cells);
    }

    /// A line is listed from the end that comes first in reading order.
    private static List<GridCell> fromTopLeft(List<GridCell> path) {
        GridCell a = path.getFirst();
        GridCell b = path.getLast();
        boolean inOrder = a.row() < b.row() || (a.row() == b.row() && a.column() <= b.column());
        return inOrder ? path : path.reversed();
    }

    private static List<Integer> shuffled(IntStream numbers, Random random) {
        var list = new ArrayList<>(numbers.boxed().toList());
        Collections.shuffle(list, random);
        return list;
    }
}
