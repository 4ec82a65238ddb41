package io.railhead.app.trackers;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.app.live.MetricsFile;
import io.railhead.policy.PolicyVersion;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The trackers of a run, as its settings ask for them. Hears the run's facts, and never makes the run wait until it is
/// closed. Thread-safe.
public final class Trackers implements Consumer<RunFact>, Closeable {
    private final List<TrackerFeed> feeds;

    private Trackers(List<TrackerFeed> feeds) {
        this.feeds = List.copyOf(feeds);
    }

    /// Starts what feeds them.
    ///
    /// @param config the run's, resolved; trackers that show a configuration show it
    /// @param run its directory
    public static Trackers start(TrackerSettings settings, Config config, Path run) throws IOException {
        MetricsFile metrics = new MetricsFile(run.resolve("metrics.jsonl"), Clock.systemUTC());
        List<TrackerFeed> feeds = new ArrayList<>();
        for (Tracker tracker : trackers(settings, config, run)) {
            feeds.add(new TrackerFeed(tracker, metrics, settings.closeTimeout()).start());
        }
        return new Trackers(feeds);
    }

    /// Brings the trackers what they lack of a run that nobody works on, one after the other.
    ///
    /// @return for each the version of the newest step that it has now, by its name
    /// @throws IOException if the run's metrics cannot be read, or a tracker does not take them
    public static SortedMap<String, Long> send(TrackerSettings settings, Config config, Path run) throws IOException {
        MetricsFile metrics = new MetricsFile(run.resolve("metrics.jsonl"), Clock.systemUTC());
        long whole = config.getLong("railhead.stage.steps");
        SortedMap<String, Long> sent = new TreeMap<>();
        for (Tracker tracker : trackers(settings, config, run)) {
            try (tracker) {
                StepReader steps = new StepReader(tracker, metrics, tracker.open());
                steps.feed();
                tracker.end(steps.last() >= whole ? Tracker.Ending.FINISHED : Tracker.Ending.STOPPED);
                sent.put(tracker.name(), steps.last());
            } catch (IOException e) {
                throw new IOException(tracker.name() + ": " + e.getMessage(), e);
            }
        }
        return Collections.unmodifiableSortedMap(sent);
    }

    private static List<Tracker> trackers(TrackerSettings settings, Config config, Path run) throws IOException {
        TrackedRun tracked = TrackedRun.of(run);
        List<Tracker> trackers = new ArrayList<>();
        if (settings.tensorboard()) {
            trackers.add(new TensorBoardTracker(run.resolve("tensorboard"), text(config), Clock.systemUTC()));
        }
        if (settings.wandb().isPresent()) {
            trackers.add(new WandbTracker(
                    run.resolve("wandb"),
                    settings.wandb().get().project(),
                    tracked,
                    new ObjectMapper().readTree(config.getObject("railhead").render(ConfigRenderOptions.concise()))));
        }
        settings.mlflow()
                .ifPresent(mlflow -> trackers.add(new MlflowTracker(mlflow, tracked, byKey(config), System.getenv())));
        return trackers;
    }

    @Override
    public void accept(RunFact fact) {
        if (fact instanceof RunFact.StepFinished) {
            feeds.forEach(TrackerFeed::woken);
        } else if (fact instanceof RunFact.IncarnationBegan began) {
            long from = began.from().map(PolicyVersion::number).orElse(0L);
            feeds.forEach(feed -> feed.wentBack(from));
        }
    }

    /// The run is over. What [#close] waits for is then the whole of it.
    public void ended(RunEnded end) {
        Tracker.Ending how = switch (end.outcome()) {
            case FINISHED -> Tracker.Ending.FINISHED;
            case STOPPED -> Tracker.Ending.STOPPED;
            case FAILED -> Tracker.Ending.FAILED;
        };
        feeds.forEach(feed -> feed.ended(how));
    }

    @Override
    public void close() {
        feeds.forEach(TrackerFeed::close);
    }

    private static String text(Config config) {
        return config.withOnlyPath("railhead")
                .root()
                .render(ConfigRenderOptions.defaults()
                        .setOriginComments(false)
                        .setComments(false)
                        .setJson(false));
    }

    private static Map<String, String> byKey(Config config) {
        Map<String, String> settings = new TreeMap<>();
        config.getConfig("railhead")
                .entrySet()
                .forEach(entry -> settings.put(
                        entry.getKey(), String.valueOf(entry.getValue().unwrapped())));
        return settings;
    }
}
