package io.railhead.actors.telemetry;

import io.railhead.actors.incarnation.Fence;
import io.railhead.actors.protocol.RunFact;
import io.railhead.policy.PolicyVersion;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Event log and metrics of one run directory, written together. Not thread-safe.
public final class RunRecord implements Closeable {
    private final EventLog events;
    private final MetricsLog metrics;
    private final Fence fence;

    private RunRecord(EventLog events, MetricsLog metrics, Fence fence) {
        this.events = events;
        this.metrics = metrics;
        this.fence = fence;
    }

    /// Opens `events/` and `metrics.jsonl` of a run directory.
    ///
    /// Both files are copied as far as they stay, so that a writer before this one, which was frozen and thaws, has
    /// files of its own that nobody reads.
    ///
    /// @param resumedAt the version that the run goes on from; metrics of later steps are cut off, events stay
    /// @param fence asked before every write
    public static RunRecord open(Path runDirectory, TelemetrySettings settings, PolicyVersion resumedAt, Fence fence)
            throws IOException {
        fence.check();
        Files.createDirectories(runDirectory);
        EventLog events = EventLog.open(runDirectory.resolve("events"), settings);
        try {
            return new RunRecord(events, MetricsLog.open(runDirectory.resolve("metrics.jsonl"), resumedAt), fence);
        } catch (IOException e) {
            try (events) {
                throw e;
            }
        }
    }

    /// What opening cut off from the event log.
    public Optional<EventLog.TornEnd> tornEnd() {
        return events.tornEnd();
    }

    /// Writes facts; they are in the files when this returns.
    public void write(List<RecordedFact> facts) throws IOException {
        fence.check();
        events.append(facts);
        for (RecordedFact recorded : facts) {
            if (recorded.fact() instanceof RunFact.StepFinished step) {
                metrics.append(recorded.at(), step);
            }
        }
    }

    /// Puts all that was written on the disk.
    public void force() throws IOException {
        fence.check();
        events.force();
        metrics.force();
    }

    @Override
    public void close() throws IOException {
        try (events) {
            metrics.close();
        }
    }
}
