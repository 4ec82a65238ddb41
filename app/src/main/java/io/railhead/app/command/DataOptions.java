package io.railhead.app.command;

import io.railhead.app.run.DataSettings;
import io.railhead.app.run.UsageException;
import io.railhead.transit.data.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/// `--data SPEC`, as every command takes it: `generated`, a folder of cities, a data set, or `questions:` and where
/// questions of one's own are.
final class DataOptions {
    private static final String QUESTIONS = "questions:";

    @Option(
            names = "--data",
            paramLabel = "SPEC",
            description = "`generated`, a folder with stations/ and maps/, or a data set: a file or folder of"
                    + " .parquet, .arrow or .jsonl; or `questions:PATH`, questions of your own in .jsonl.")
    private String data = "";

    /// The options as settings of `railhead.data`; empty if nothing was given.
    Map<String, Object> settings() {
        Map<String, Object> settings = new TreeMap<>();
        if (data.equals("generated")) {
            settings.put("railhead.data.source", "generated");
        } else if (data.startsWith(QUESTIONS)) {
            settings.put("railhead.data.source", "questions");
            settings.put("railhead.data.folder", absolute(data.substring(QUESTIONS.length())));
            settings.put("railhead.stage.curriculum.preset", "flat"); // the others are of maps
        } else if (!data.isEmpty()) {
            settings.put("railhead.data.source", "folder");
            settings.put("railhead.data.folder", absolute(data));
        }
        return settings;
    }

    private static String absolute(String path) {
        return Path.of(path).toAbsolutePath().normalize().toString();
    }

    /// What was given as a path, for commands that read a file of their own.
    Optional<Path> file() {
        return data.isEmpty() || data.equals("generated") ? Optional.empty() : Optional.of(Path.of(data));
    }

    /// A number of questions as a command line gives it.
    static int limit(int limit) {
        if (limit < 1) {
            throw new UsageException("--limit " + limit + " is not a number of questions, at least 1");
        }
        return limit;
    }

    static Split split(boolean train) {
        return train ? Split.TRAIN : Split.TEST;
    }

    static String described(DataSettings settings) {
        return switch (settings.source()) {
            case GENERATED -> "generated maps";
            case FOLDER, QUESTIONS -> settings.folder().toString();
        };
    }

    static void requireNewOrEmpty(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> children = Files.isDirectory(folder) ? Files.list(folder) : Stream.of(folder)) {
            if (children.findAny().isPresent()) {
                throw new UsageException(folder + " is not an empty folder");
            }
        }
    }
}
