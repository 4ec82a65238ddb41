package io.railhead.transit.metric;

import io.railhead.transit.Difficulty;
import io.railhead.transit.QuestionType;

/// How much an item counts in a benchmark's weighted accuracy, sum(weight * correct) / sum(weight).
public enum Weighting {
    /// Every item counts 1.
    NONE,
    /// ReasonMap, planning: 1 + (question + map) / 2, where easy is 0, middle 1 and hard 2; so 1 to 3.
    REASONMAP,
    /// ReasonMap-Plus, all other types: 1, 1.5 or 2 by the map alone.
    REASONMAP_PLUS;

    /// The weighting of the benchmark that this type belongs to.
    public static Weighting of(QuestionType type) {
        return switch (type.group()) {
            case TRUE_OR_FALSE, COUNTING -> REASONMAP_PLUS;
            case PLANNING -> REASONMAP;
        };
    }

    /// @param transfers the transfers of a best route; only ReasonMap looks at them
    public double weight(Difficulty map, int transfers) {
        return switch (this) {
            case NONE -> 1;
            case REASONMAP -> 1 + (level(Difficulty.ofTransfers(transfers)) + level(map)) / 2.0;
            case REASONMAP_PLUS -> 1 + level(map) / 2.0;
        };
    }

    private static int level(Difficulty difficulty) {
        return switch (difficulty) {
            case EASY -> 0;
            case MIDDLE -> 1;
            case HARD -> 2;
        };
    }
}
