package io.railhead.transit.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.transit.Difficulty;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class MapGeneratorTest {
    /// A seed in a run's configuration must mean the same maps years later: a change that fails this renames the data.
    @Test
    void aSeedMeansTheSameMapForEver() {
        GeneratedMap map = MapGenerator.generate(1, Difficulty.EASY);
        var lines = new LinkedHashMap<String, List<String>>();
        lines.put("Line 2", List.of("Q", "K", "Y", "P", "F", "W"));
        lines.put("Line 5", List.of("E", "H", "B", "P", "X"));
        assertThat(map.network().lines()).isEqualTo(lines);
        assertThat(map.network().city()).isEqualTo("generated-easy-1");
        assertThat(map.cellOf("P")).isEqualTo(new GridCell(5, 3));
        assertThat(map.stationAt(new GridCell(5, 3))).contains("P");
        assertThat(map.lineNumbersAt(new GridCell(5, 3))).containsExactly(2, 5);
        assertThat(map.lineNumbersAt(new GridCell(0, 0))).isEmpty();
        assertThat(map.legend()).containsExactly(2, 5);
    }

    @Test
    void findsAMapWithinItsTries() {
        for (long seed = 0; seed < 2000; seed++) {
            assertThat(MapGenerator.generate(seed, Difficulty.HARD).difficulty())
                    .isEqualTo(Difficulty.HARD);
        }
    }
}
