package io.railhead.bench;

import io.railhead.transit.TransitNetwork;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// A network as large as those of the largest cities: twelve lines across twelve others, each meeting each, with a
/// station of their own before every crossing: 24 lines of 24 stations, 432 stations in all.
final class LargeNetwork {
    private static final int LINES = 12; // each way
    private static final int SYLLABLES = 60;
    private static final List<String> SUFFIXES = List.of("", " Road", " Park", " Station", " Univ.");

    private LargeNetwork() {}

    static TransitNetwork network() {
        var lines = new LinkedHashMap<String, List<String>>();
        for (int line = 0; line < 2 * LINES; line++) {
            var stations = new ArrayList<String>();
            for (int i = 0; i < LINES; i++) {
                stations.add(station(LINES * LINES + line * LINES + i));
                int crossing = line < LINES ? line * LINES + i : i * LINES + (line - LINES);
                stations.add(station(crossing));
            }
            lines.put("Line " + (line + 1), stations);
        }
        return new TransitNetwork("Gridville", lines);
    }

    /// Names that differ in their first four letters, with endings that scorers must clean.
    private static String station(int number) {
        String name = syllable(number % SYLLABLES) + syllable(number / SYLLABLES);
        return Character.toUpperCase(name.charAt(0)) + name.substring(1) + SUFFIXES.get(number % SUFFIXES.size());
    }

    private static String syllable(int number) {
        return "" + "bdfgklmnprst".charAt(number % 12) + "aeiou".charAt(number / 12);
    }
}
