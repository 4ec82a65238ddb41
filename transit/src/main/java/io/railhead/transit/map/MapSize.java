package io.railhead.transit.map;

import io.railhead.transit.Difficulty;

/// How much is on a map, by its difficulty. Stations are those of one line, but for the total.
record MapSize(int minLines, int maxLines, int minStations, int maxStations, int maxTotalStations) {
    static MapSize of(Difficulty difficulty) {
        return switch (difficulty) {
            case EASY -> new MapSize(2, 3, 4, 6, 14);
            case MIDDLE -> new MapSize(3, 4, 5, 7, 20);
            case HARD -> new MapSize(5, 6, 5, 8, 26); // 26 letters
        };
    }
}
