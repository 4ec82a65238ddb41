package io.railhead.transit.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A folder with all that is in it.
final class FileTree {
    private FileTree() {}

    static void delete(Path root) throws IOException {
        List<Path> paths;
        try (Stream<Path> found = Files.walk(root)) {
            paths = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
