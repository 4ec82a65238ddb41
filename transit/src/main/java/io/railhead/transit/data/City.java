package io.railhead.transit.data;

import io.railhead.transit.Difficulty;
import io.railhead.transit.StationFile;
import io.railhead.transit.TidyNetwork;

/// One city of a folder that questions can be asked about.
///
/// @param file its station file as it is
/// @param tidy what questions are asked about
/// @param image its map, with a whole header
public record City(
        String country, String name, StationFile file, TidyNetwork tidy, Difficulty difficulty, FileImage image) {
    /// What ids of its questions begin with.
    public String id() {
        return country + "/" + name;
    }

    /// Whether training or evaluation has it when whole cities are held out.
    public Split split() {
        return Cities.splitOf(name);
    }
}
