package io.railhead.transit.map;

import io.railhead.transit.Difficulty;
import io.railhead.transit.TransitNetwork;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// A network and where it lies on the grid. Neighbours on a line lie in neighbouring cells, diagonals included, and
/// lines meet in stations only. Names are single capital letters and "Line 1" to "Line 8"; a line's number is its
/// colour.
///
/// @param cells the cell of each station; all of them above the legend, which is the bottom row
public record GeneratedMap(TransitNetwork network, Difficulty difficulty, SequencedMap<String, GridCell> cells) {
    /// Cells along each side of a map.
    public static final int GRID = 8;

    /// The row of the legend; stations lie above it.
    public static final int LEGEND_ROW = GRID - 1;

    /// Line names and colours that there are.
    public static final int MAX_LINES = 8;

    private static final String LINE = "Line ";

    public GeneratedMap {
        cells = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(cells));
        if (!cells.keySet().equals(network.stations())) {
            throw new IllegalArgumentException("cells for " + cells.keySet() + ", stations " + network.stations());
        }
    }

    public static String lineName(int number) {
        return LINE + number;
    }

    /// 1 to 8: also the index of the line's colour, plus one.
    public static int lineNumber(String lineName) {
        return Integer.parseInt(lineName.substring(LINE.length()));
    }

    public GridCell cellOf(String station) {
        GridCell cell = cells.get(station);
        if (cell == null) {
            throw new IllegalArgumentException("no station " + station + " on this map");
        }
        return cell;
    }

    public Optional<String> stationAt(GridCell cell) {
        return cells.entrySet().stream()
                .filter(entry -> entry.getValue().equals(cell))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /// The numbers of the lines through the cell, rising; empty where there is no station.
    public List<Integer> lineNumbersAt(GridCell cell) {
        return stationAt(cell)
                .map(station -> network.linesThrough(station).stream()
                        .map(GeneratedMap::lineNumber)
                        .toList())
                .orElse(List.of());
    }

    /// What the legend shows in each of its cells: the number of the k-th line stands in column k of the bottom row.
    public List<Integer> legend() {
        var numbers = new ArrayList<Integer>();
        network.lines().keySet().forEach(line -> numbers.add(lineNumber(line)));
        return List.copyOf(numbers);
    }
}
