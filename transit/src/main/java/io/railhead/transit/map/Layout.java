package io.railhead.transit.map;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lines laid on the grid one after another. Mutable while a map is being generated; belongs to one generator call.
///
/// Holds at any time: no two lines share a piece of track or cross between stations; two lines share at most one
/// station; at most three lines meet in one; every line but the first meets an earlier one.
final class Layout {
    private static final int TRIES_PER_LINE = 40;
    private static final int MOST_LINES_AT_A_STATION = 3;
    private static final int MOST_MEETINGS_OF_A_LINE = 3;
    private static final int[][] DIRECTIONS = {{1, 0}, {1, 1}, {0, 1}, {-1, 1}, {-1, 0}, {-1, -1}, {0, -1}, {1, -1}};
    private static final int[] TURNS = {0, 1, -1}; // eighths of a circle
    private static final double[] TURN_WEIGHTS = {5, 1.2, 1.2}; // mostly straight on
    private static final double MEETING_WEIGHT = 2; // a cell that is a station already draws the line

    private final Random random;
    private final MapSize size;
    private final List<List<GridCell>> lines = new ArrayList<>();
    private final SequencedMap<GridCell, Set<Integer>> linesAt = new LinkedHashMap<>();
    private final Set<Track> tracks = new HashSet<>();

    /// The way between two neighbouring cells, the same in both directions.
    private record Track(Set<GridCell> ends) {
        static Track of(GridCell a, GridCell b) {
            return new Track(Set.of(a, b));
        }

        /// The other diagonal of the same square, if this is a diagonal.
        static Track crossing(GridCell a, GridCell b) {
            return of(new GridCell(a.column(), b.row()), new GridCell(b.column(), a.row()));
        }
    }

    private record Step(int direction, GridCell cell, double weight) {}

    private Layout(Random random, MapSize size) {
        this.random = random;
        this.size = size;
    }

    /// The lines' cells in order, or null if this stream of random numbers leads into a corner.
    static @Nullable List<List<GridCell>> tryOnce(Random random, MapSize size) {
        var layout = new Layout(random, size);
        int count = between(random, size.minLines(), size.maxLines());
        while (layout.lines.size() < count) {
            if (!layout.addLine()) {
                return null;
            }
        }
        return layout.lines;
    }

    private boolean addLine() {
        for (int i = 0; i < TRIES_PER_LINE; i++) {
            List<GridCell> path = path(between(random, size.minStations(), size.maxStations()));
            if (path.size() >= size.minStations() && fits(path)) {
                for (GridCell cell : path) {
                    linesAt.computeIfAbsent(cell, _ -> new LinkedHashSet<>()).add(lines.size());
                }
                for (int k = 1; k < path.size(); k++) {
                    tracks.add(Track.of(path.get(k - 1), path.get(k)));
                }
                lines.add(path);
                return true;
            }
        }
        return false;
    }

    /// A walk from a free cell, up to `length` cells long, shorter where it runs into a corner.
    private List<GridCell> path(int length) {
        var path = new ArrayList<GridCell>();
        var own = new HashSet<Track>();
        var start = new GridCell(random.nextInt(GeneratedMap.GRID), random.nextInt(GeneratedMap.LEGEND_ROW));
        if (linesAt.containsKey(start)) {
            return path;
        }
        path.add(start);
        int direction = random.nextInt(DIRECTIONS.length);
        while (path.size() < length) {
            List<Step> steps = steps(path, own, direction);
            if (steps.isEmpty()) {
                break;
            }
            Step step = choose(steps);
            own.add(Track.of(path.getLast(), step.cell()));
            path.add(step.cell());
            direction = step.direction();
        }
        return path;
    }

    private List<Step> steps(List<GridCell> path, Set<Track> own, int direction) {
        var steps = new ArrayList<Step>();
        GridCell here = path.getLast();
        for (int turn = 0; turn < TURNS.length; turn++) {
            int next = Math.floorMod(direction + TURNS[turn], DIRECTIONS.length);
            int[] move = DIRECTIONS[next];
            GridCell cell = here.towards(move[0], move[1]);
            boolean diagonal = move[0] != 0 && move[1] != 0;
            Track crossing = diagonal ? Track.crossing(here, cell) : null;
            Set<Integer> others = linesAt.getOrDefault(cell, Set.of());
            if (inGrid(cell)
                    && !path.contains(cell)
                    && !tracks.contains(Track.of(here, cell))
                    && (crossing == null || (!tracks.contains(crossing) && !own.contains(crossing)))
                    && others.size() < MOST_LINES_AT_A_STATION) {
                steps.add(new Step(next, cell, TURN_WEIGHTS[turn] * (others.isEmpty() ? 1 : MEETING_WEIGHT)));
            }
        }
        return steps;
    }

    private Step choose(List<Step> steps) {
        double left =
                random.nextDouble() * steps.stream().mapToDouble(Step::weight).sum();
        for (Step step : steps) {
            left -= step.weight();
            if (left <= 0) {
                return step;
            }
        }
        return steps.getLast(); // rounding
    }

    private boolean fits(List<GridCell> path) {
        Map<Integer, Integer> shared = new HashMap<>(); // earlier line -> stations in common
        int meetings = 0;
        for (GridCell cell : path) {
            Set<Integer> others = linesAt.getOrDefault(cell, Set.of());
            meetings += others.isEmpty() ? 0 : 1;
            others.forEach(line -> shared.merge(line, 1, Integer::sum));
        }
        boolean connected = lines.isEmpty() || (meetings >= 1 && meetings <= MOST_MEETINGS_OF_A_LINE);
        return connected
                && shared.values().stream().allMatch(stations -> stations == 1)
                && linesAt.size() + path.size() - meetings <= size.maxTotalStations();
    }

    private static boolean inGrid(GridCell cell) {
        return cell.column() >= 0
                && cell.column() < GeneratedMap.GRID
                && cell.row() >= 0
                && cell.row() < GeneratedMap.LEGEND_ROW;
    }

    private static int between(Random random, int least, int most) {
        return least + random.nextInt(most - least + 1);
    }
}
