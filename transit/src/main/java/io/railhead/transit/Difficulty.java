package io.railhead.transit;

import java.util.Locale;

/// How hard a map is, as the data sets label it. Papers also say "medium" for [#MIDDLE]; the data says "middle".
public enum Difficulty {
    EASY,
    MIDDLE,
    HARD;

    /// The label in data files: `easy`, `middle`, `hard`.
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @throws IllegalArgumentException if no difficulty has this label
    public static Difficulty ofWireName(String label) {
        for (Difficulty difficulty : values()) {
            if (difficulty.wireName().equals(label)) {
                return difficulty;
            }
        }
        throw new IllegalArgumentException("difficulty '" + label + "' is none of easy, middle, hard");
    }

    /// The difficulty of a planning question: no transfer is easy, one is middle, more are hard.
    public static Difficulty ofTransfers(int transfers) {
        if (transfers < 0) {
            throw new IllegalArgumentException("a route has " + transfers + " transfers");
        }
        return switch (transfers) {
            case 0 -> EASY;
            case 1 -> MIDDLE;
            default -> HARD;
        };
    }
}
