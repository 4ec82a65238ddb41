package io.railhead.transit.data;

import io.railhead.transit.Repair;
import java.util.List;

/// A city whose station file was not quite in order, and what was mended.
public record RepairedCity(String country, String city, List<Repair> repairs) {
    public RepairedCity {
        repairs = List.copyOf(repairs);
    }
}
