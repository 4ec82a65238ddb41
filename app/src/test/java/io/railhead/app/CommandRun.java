package io.railhead.app;

import io.railhead.app.command.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What a command answered.
public record CommandRun(int status, String out, String err) {
    // of a run that a tiny model makes in seconds
    private static final List<String> SMALL = List.of(
            "policy.slots=16",
            "data.maps-per-difficulty=1",
            "data.questions-per-type=1",
            "eval.questions=6",
            "eval.max-tokens=4",
            "stage.groups-per-step=2",
            "stage.group-size=4",
            "stage.sampling.max-tokens=6",
            "stage.filter-zero-variance=false");

    public static CommandRun of(String... args) {
        return withInput("", args);
    }

    /// With the settings of a run that a tiny model makes in seconds.
    public static CommandRun ofSmall(String... args) {
        List<String> all = new ArrayList<>(List.of(args[0]));
        SMALL.forEach(setting -> all.addAll(List.of("--set", setting)));
        all.addAll(List.of(args).subList(1, args.length));
        return of(all.toArray(String[]::new));
    }

    public static CommandRun withInput(String input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        int status = Main.run(terminal, args);
        return new CommandRun(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
