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
        printSkipped(terminal, source.skipped());
        source.leftOut().forEach(row -> terminal.out().printf("left out %s%n", row));
    }

    static void printSkipped(Terminal terminal, List<SkippedCity> cities) {
        cities.forEach(
                city -> terminal.out().printf("left out %s/%s: %s%n", city.country(), city.city(), city.reason()));
    }

    static void printRepairs(Terminal terminal, List<RepairedCity> cities) {
        for (RepairedCity city : cities) {
            city.repairs()
                    .forEach(repair ->
                            terminal.out().printf("mended %s/%s, %s%n", city.country(), city.city(), repair.text()));
        }
    }
}
