package io.railhead.transit.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.transit.Difficulty;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class MapProperties {
    @Property(tries = 300)
    void linesRunFromCellToNeighbouringCellAboveTheLegend(@ForAll long seed, @ForAll Difficulty difficulty) {
        GeneratedMap map = MapGenerator.generate(seed, difficulty);
        assertThat(map.cells().values())
                .doesNotHaveDuplicates()
                .allMatch(cell -> cell.column() >= 0
                        && cell.column() < GeneratedMap.GRID
                        && cell.row() >= 0
                        && cell.row() < GeneratedMap.LEGEND_ROW);
        map.network().lines().values().forEach(line -> {
            for (int i = 1; i < line.size(); i++) {
                GridCell a = map.cellOf(line.get(i - 1));
                GridCell b = map.cellOf(line.get(i));
                assertThat(Math.max(Math.abs(a.column() - b.column()), Math.abs(a.row() - b.row())))
                        .isEqualTo(1);
            }
        });
    }

    @Property(tries = 300)
    void theNetworkIsConnected(@ForAll long seed, @ForAll Difficulty difficulty) {
        GeneratedMap map = MapGenerator.generate(seed, difficulty);
        var seen = new HashSet<String>();
        var open = new ArrayDeque<>(List.of(map.network().stations().getFirst()));
        while (!open.isEmpty()) {
            String station = open.pop();
            if (seen.add(station)) {
                map.network().linesThrough(station).forEach(line -> open.addAll(stations(map, line)));
            }
        }
        assertThat(seen).isEqualTo(map.network().stations());
    }

    @Property(tries = 300)
    void sizesAndNamesAreThoseOfTheDifficulty(@ForAll long seed, @ForAll Difficulty difficulty) {
        GeneratedMap map = MapGenerator.generate(seed, difficulty);
        MapSize size = MapSize.of(difficulty);
        assertThat(map.network().lines().size()).isBetween(size.minLines(), size.maxLines());
        assertThat(map.cells().size()).isLessThanOrEqualTo(size.maxTotalStations());
        assertThat(map.network().stations()).allMatch(name -> name.matches("[A-Z]"));
        assertThat(map.network().lines().keySet()).allMatch(name -> name.matches("Line [1-8]"));
        assertThat(map.network().lines().values())
                .allSatisfy(line -> assertThat(line)
                        .hasSizeBetween(size.minStations(), size.maxStations())
                        .doesNotHaveDuplicates());
    }

    @Property(tries = 300)
    void twoLinesShareAtMostOneStationAndNoTrack(@ForAll long seed, @ForAll Difficulty difficulty) {
        GeneratedMap map = MapGenerator.generate(seed, difficulty);
        var lines = new ArrayList<>(map.network().lines().values());
        var crossings = new HashSet<Set<GridCell>>();
        for (int i = 0; i < lines.size(); i++) {
            for (int j = 0; j < i; j++) {
                var shared = new HashSet<>(lines.get(i));
                shared.retainAll(lines.get(j));
                assertThat(shared).hasSizeLessThanOrEqualTo(1);
            }
            for (int k = 1; k < lines.get(i).size(); k++) {
                GridCell a = map.cellOf(lines.get(i).get(k - 1));
                GridCell b = map.cellOf(lines.get(i).get(k));
                boolean diagonal = a.column() != b.column() && a.row() != b.row();
                if (diagonal) { // the other diagonal of the square is taken by this one
                    crossings.add(Set.of(new GridCell(a.column(), b.row()), new GridCell(b.column(), a.row())));
                }
            }
        }
        lines.forEach(line -> {
            for (int k = 1; k < line.size(); k++) {
                assertThat(crossings).doesNotContain(Set.of(map.cellOf(line.get(k - 1)), map.cellOf(line.get(k))));
            }
        });
    }

    @Property(tries = 50)
    void theSameSeedGivesTheSameMap(@ForAll long seed, @ForAll Difficulty difficulty) {
        assertThat(MapGenerator.generate(seed, difficulty)).isEqualTo(MapGenerator.generate(seed, difficulty));
    }

    private static List<String> stations(GeneratedMap map, String line) {
        return map.network().lines().getOrDefault(line, List.of());
    }
}
