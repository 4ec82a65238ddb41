package io.railhead.app.trackers;

import io.railhead.app.live.MetricsFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Brings one tracker the steps of `metrics.jsonl` that it lacks. Not thread-safe.
final class StepReader {
    private final Tracker tracker;
    private final MetricsFile metrics;
    private long last;
    private long nextLine;
    private @Nullable Long generation;

    /// @param last the version of the newest step that the tracker has
    StepReader(Tracker tracker, MetricsFile metrics, long last) {
        this.tracker = tracker;
        this.metrics = metrics;
        this.last = last;
    }

    /// Gives it all that there is.
    ///
    /// @throws IOException if the file or the tracker fails; the tracker is then not to be used further
    void feed() throws IOException {
        MetricsFile.Page page;
        do {
            page = metrics.page(nextLine, Optional.ofNullable(generation));
            List<TrackedStep> steps = new ArrayList<>();
            for (String line : page.steps()) {
                TrackedStep step = TrackedStep.parse(line);
                if (step.version() > last) {
                    steps.add(step);
                }
            }
            if (!steps.isEmpty()) {
                tracker.add(steps);
                last = steps.getLast().version();
            }
            nextLine = page.next();
            generation = page.generation();
        } while (nextLine < page.lines());
    }

    /// What came after `version` did not happen.
    void rewind(long version) throws IOException {
        if (version < last) {
            last = tracker.rewind(version);
            nextLine = 0;
        }
    }

    /// The version of the newest step that the tracker has.
    long last() {
        return last;
    }
}
