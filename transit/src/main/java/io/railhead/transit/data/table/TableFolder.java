package io.railhead.transit.data.table;

import io.railhead.transit.InvalidDataException;
import io.railhead.transit.data.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The data files of a data set, and which split each belongs to: `train-00000-of-00002.parquet`,
/// `data/test.parquet`, `train/data-00000-of-00001.arrow`. A file whose path below the root names no split belongs
/// to none.
///
/// @param files in alphabetical order
record TableFolder(Path root, SequencedMap<Path, Optional<Split>> files) {
    private static final int DEPTH = 4;
    private static final Pattern WORDS = Pattern.compile("[-_.]");
    private static final Set<String> HELD_OUT = Set.of("test", "validation", "valid", "val", "dev", "eval");

    /// Whether there are data files at the path, which may be one itself.
    static boolean isAt(Path path) {
        return !dataFiles(path).isEmpty();
    }

    /// @throws InvalidDataException if there is none
    static TableFolder at(Path path) {
        if (!Files.exists(path)) {
            throw new InvalidDataException(path + " does not exist");
        }
        List<Path> found = dataFiles(path);
        if (found.isEmpty()) {
            throw new InvalidDataException(
                    path + " has no data file (" + String.join(", ", TableFormat.endings()) + ")");
        }
        var files = new LinkedHashMap<Path, Optional<Split>>();
        Path root = (Files.isDirectory(path) ? path : path.resolveSibling("")).toAbsolutePath();
        found.forEach(file -> files.put(file, splitOf(root.relativize(file.toAbsolutePath()))));
        return new TableFolder(root, files);
    }

    /// Whether the names tell the splits apart.
    boolean isSplit() {
        return files.values().stream().flatMap(Optional::stream).distinct().count() == Split.values().length;
    }

    private static List<Path> dataFiles(Path path) {
        if (!Files.isDirectory(path)) {
            return Files.isRegularFile(path) && TableFormat.of(path).isPresent() ? List.of(path) : List.of();
        }
        try (Stream<Path> files = Files.find(path, DEPTH, (_, attributes) -> attributes.isRegularFile())) {
            return files.filter(file -> TableFormat.of(file).isPresent())
                    .filter(file -> !file.getFileName().toString().startsWith("cache-")) // of `datasets`, derived
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new InvalidDataException("folder " + path + " cannot be listed: " + e.getMessage(), e);
        }
    }

    private static Optional<Split> splitOf(Path below) {
        for (Path part : below) {
            for (String word : WORDS.splitAsStream(part.toString()).toList()) {
                if (word.equals("train")) {
                    return Optional.of(Split.TRAIN);
                }
                if (HELD_OUT.contains(word)) {
                    return Optional.of(Split.TEST);
                }
            }
        }
        return Optional.empty();
    }

    /// A path that a row names: from the root, or from a folder above it, or as it is.
    Optional<Path> resolve(String name) {
        Path path;
        try {
            path = Path.of(name);
        } catch (InvalidPathException _) {
            return Optional.empty(); // a base64 text with a character that no path has
        }
        for (Path folder = root.toAbsolutePath().normalize(); folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve(path))) {
                return Optional.of(folder.resolve(path).normalize());
            }
        }
        return Optional.empty();
    }

    Map<Path, Optional<Split>> filesOf(Split split) {
        var wanted = new LinkedHashMap<Path, Optional<Split>>();
        boolean named = isSplit();
        files.forEach((file, ofFile) -> {
            if (!named || ofFile.equals(Optional.of(split))) {
                wanted.put(file, ofFile);
            }
        });
        return wanted;
    }
}
