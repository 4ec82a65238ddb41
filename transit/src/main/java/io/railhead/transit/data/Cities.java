package io.railhead.transit.data;

import io.railhead.transit.Difficulty;
import io.railhead.transit.StationFile;
import java.util.Map;

/// What the papers say of the thirty cities: which ones are held out, and how hard their maps are.
final class Cities {
    /// The cities of the test split with the difficulty of their maps, by the names of their files.
    private static final Map<String, Difficulty> TEST = Map.ofEntries(
            Map.entry("auckland", Difficulty.EASY),
            Map.entry("miami", Difficulty.EASY),
            Map.entry("rome", Difficulty.EASY),
            Map.entry("toronto", Difficulty.EASY),
            Map.entry("budapest", Difficulty.MIDDLE),
            Map.entry("geneva", Difficulty.MIDDLE),
            Map.entry("lisboa", Difficulty.MIDDLE),
            Map.entry("beijing", Difficulty.HARD),
            Map.entry("hangzhou", Difficulty.HARD),
            Map.entry("los_angeles", Difficulty.HARD),
            Map.entry("singapore", Difficulty.HARD));

    private Cities() {}

    static Split splitOf(String city) {
        return TEST.containsKey(city) ? Split.TEST : Split.TRAIN;
    }

    /// The published label, or for a city without one a rule of our own: up to three lines easy; six and more with
    /// thirty and more marked transfer entries hard; middle otherwise. The rule reproduces all eleven labels, and
    /// leaves the nineteen other cities 6 easy, 7 middle, 6 hard, which is what must remain of ten each.
    static Difficulty difficultyOf(String city, StationFile file) {
        Difficulty label = TEST.get(city);
        return label != null ? label : derived(file.network().lines().size(), file.transferMarks());
    }

    static Difficulty derived(int lines, int transferMarks) {
        if (lines <= 3) {
            return Difficulty.EASY;
        }
        return lines >= 6 && transferMarks >= 30 ? Difficulty.HARD : Difficulty.MIDDLE;
    }
}
