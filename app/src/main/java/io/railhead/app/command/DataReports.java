package io.railhead.app.command;

import io.railhead.app.run.TaskSource;
import io.railhead.transit.data.RepairedCity;
import io.railhead.transit.data.SkippedCity;
import java.util.List;

/// What commands that read a folder say about its cities.
final class DataReports {
    private DataReports() {}

    /// Everything of the source that was not taken as it is, but for what was mended.
    static void printLeftOut(Terminal terminal, TaskSource source) {
        skipped(source.skipped()).forEach(city -> terminal.out().println("left out " + city));
        source.leftOut().forEach(row -> terminal.out().printf("left out %s%n", row));
    }

    /// Each with its reason.
    static List<String> skipped(List<SkippedCity> cities) {
        return cities.stream()
                .map(city -> "%s/%s: %s".formatted(city.country(), city.city(), city.reason()))
                .toList();
    }

    /// Each mend of each city.
    static List<String> repairs(List<RepairedCity> cities) {
        return cities.stream()
                .flatMap(city -> city.repairs().stream()
                        .map(repair -> "%s/%s, %s".formatted(city.country(), city.city(), repair.text())))
                .toList();
    }
}
