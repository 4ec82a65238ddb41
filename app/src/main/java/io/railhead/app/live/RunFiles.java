package io.railhead.app.live;

import io.railhead.app.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The run's directory and those of its siblings, which lie beside it. Thread-safe.
///
/// Nothing but these is read, whatever a request says: a sibling is a directory, no link, right beside the run's, and
/// holds
/// a run.
final class RunFiles {
    /// Siblings that are named.
    static final int MOST_SIBLINGS = 200;

    private static final int OPEN = 4; // siblings whose lines are known
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";

    private final Path root;
    private final InstantSource clock;
    private final MetricsFile own;
    private final Map<String, MetricsFile> others = new LinkedHashMap<>(); // the one that came first is first

    RunFiles(Path root, InstantSource clock) {
        this.root = root.toAbsolutePath().normalize();
        this.clock = clock;
        this.own = metricsOf(this.root);
    }

    Path root() {
        return root;
    }

    String name() {
        return String.valueOf(root.getFileName());
    }

    MetricsFile metrics() {
        return own;
    }

    /// Of a sibling, if there is one of that name.
    synchronized Optional<MetricsFile> metricsOf(String name) {
        if (!isSibling(name)) {
            return Optional.empty();
        }
        MetricsFile known = others.get(name);
        if (known == null) {
            known = metricsOf(root.resolveSibling(name));
            if (others.size() == OPEN) {
                others.remove(others.keySet().iterator().next());
            }
            others.put(name, known);
        }
        return Optional.of(known);
    }

    List<String> siblings() throws IOException {
        Path beside = root.getParent();
        if (beside == null || !Files.isDirectory(beside)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(beside)) {
            return children.map(child -> child.getFileName().toString())
                    .filter(this::isSibling)
                    .sorted()
                    .limit(MOST_SIBLINGS)
                    .toList();
        }
    }

    private boolean isSibling(String name) {
        Path sibling = root.resolveSibling(name.matches(NAME) ? name : ".");
        return name.matches(NAME)
                && !sibling.equals(root)
                && Files.isDirectory(sibling, LinkOption.NOFOLLOW_LINKS)
                && RunDirectory.holdsRun(sibling);
    }

    private MetricsFile metricsOf(Path run) {
        return new MetricsFile(run.resolve("metrics.jsonl"), clock);
    }
}
