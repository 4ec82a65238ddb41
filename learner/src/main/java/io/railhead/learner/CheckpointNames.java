package io.railhead.learner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// How the directories under `checkpoints` are called: `step-N` in place, `.old-step-N` while it is replaced by
/// another commit of that version, `.tmp-step-N-LIFE` while it is written.
final class CheckpointNames {
    private static final Pattern NAME = Pattern.compile("(\\.old-)?step-(\\d{1,18})");

    private CheckpointNames() {}

    static Path target(Path directory, long version) {
        return directory.resolve("step-" + version);
    }

    static Path old(Path directory, long version) {
        return directory.resolve(".old-step-" + version);
    }

    static Path aside(Path directory, long version, long life) {
        return directory.resolve(".tmp-step-%d-%d".formatted(version, life));
    }

    static boolean isLeftover(Path entry) {
        String name = entry.getFileName().toString();
        return name.startsWith(".tmp-step-") || name.startsWith(".old-step-");
    }

    /// Newest first; of one version the one in place before the one that it replaced.
    static List<Path> candidates(Path directory) throws CheckpointException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory)
                    .filter(entry ->
                            NAME.matcher(entry.getFileName().toString()).matches())
                    .sorted(Comparator.comparingLong(CheckpointNames::number)
                            .reversed()
                            .thenComparing(entry -> entry.getFileName().toString(), Comparator.reverseOrder()))
                    .toList();
        } catch (IOException e) {
            throw new CheckpointException(directory, e);
        }
    }

    static long number(Path checkpoint) {
        Matcher matcher = NAME.matcher(checkpoint.getFileName().toString());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(checkpoint + " is not named step-N");
        }
        return Long.parseLong(matcher.group(2));
    }
}
