package io.railhead.app.command;

import com.typesafe.config.Config;
import io.railhead.reward.RewardSettings;
import io.railhead.reward.ScoreLines;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `railhead score`.
///
/// Its `--profile` names a scoring function, not a kind of machine: it has its own option for settings files.
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        description = "Scores responses: JSON lines in, JSON lines out, in order.")
final class ScoreCommand implements Callable<Integer> {
    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "The scoring function: railhead, paper or reference (default: that of the settings).")
    private @Nullable String profile;

    @Option(names = "--stations", paramLabel = "DIR", description = "Station files, for items with a city.")
    private @Nullable Path stations;

    @Mixin
    private SettingsOptions config = new SettingsOptions();

    private final Terminal terminal;

    ScoreCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Map<String, Object> options = profile == null ? Map.of() : Map.of("railhead.reward.profile", profile);
        Config resolved = config.layers(Optional.empty(), options).resolve();
        ScoreLines scoring = new ScoreLines(RewardSettings.from(resolved).grading(), Optional.ofNullable(stations));
        BufferedReader items = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
        scoring.scoreAll(items, terminal.out()::println);
        return 0;
    }
}
