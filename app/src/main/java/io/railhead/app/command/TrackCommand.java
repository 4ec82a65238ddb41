package io.railhead.app.command;

import com.typesafe.config.Config;
import io.railhead.app.run.RunDirectory;
import io.railhead.app.run.UsageException;
import io.railhead.app.trackers.TrackerSettings;
import io.railhead.app.trackers.Trackers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `railhead track`.
@Command(
        name = "track",
        mixinStandardHelpOptions = true,
        description = "Brings trackers the metrics of a run that is not going on: those that its configuration and"
                + " --set trackers.* ask for. They take what they lack.")
final class TrackCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "RUN_DIR", description = "A run.")
    private Path run = Path.of("");

    @Mixin
    private SettingsOptions settings = new SettingsOptions();

    @Option(names = "--json", description = "One JSON object: by tracker the version of its newest step.")
    private boolean json;

    private final Terminal terminal;

    TrackCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (!RunDirectory.holdsRun(run)) {
            throw new UsageException("no run in " + run);
        }
        Config own = RunDirectory.configOf(run);
        Config resolved = settings.layers(Optional.empty(), Map.of()).resolveOver(own);
        TrackerSettings trackers = TrackerSettings.from(resolved);
        try (RunDirectory directory = RunDirectory.open(run)) {
            SortedMap<String, Long> sent = Trackers.send(trackers, resolved, directory.root());
            if (json) {
                terminal.out().println(Json.line(sent));
            } else if (sent.isEmpty()) {
                throw new UsageException("no tracker is asked for: railhead config explain trackers");
            } else {
                sent.forEach((name, version) -> terminal.out().println(name + " has the steps up to " + version));
            }
        }
        return 0;
    }
}
