package io.railhead.bench;

import io.railhead.bench.actors.Coordination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What one trajectory costs all actors of a run together, as processor time of the one thread that runs them: worker,
/// reward actor, learner, stage controller, and their mailboxes; without and with the event log. What is around them
/// does nothing: see [Coordination].
final class ActorsBenchmark implements Benchmark {
    private static final int[] WORKERS = {10, 1000};

    @Override
    public List<Figure> run(Loop loop) throws IOException {
        List<Figure> figures = new ArrayList<>();
        for (int workers : WORKERS) {
            figures.add(measured(loop, "actors/%d-workers".formatted(workers), workers, Optional.empty()));
        }
        Path folder = Files.createTempDirectory("railhead-bench");
        try {
            String name = "actors/%d-workers-logged".formatted(WORKERS[WORKERS.length - 1]);
            figures.add(measured(loop, name, WORKERS[WORKERS.length - 1], Optional.of(folder)));
        } finally {
            delete(folder);
        }
        return List.copyOf(figures);
    }

    private static Figure measured(Loop loop, String name, int workers, Optional<Path> log) throws IOException {
        try (Coordination run = new Coordination(workers, log)) {
            return loop.byProcessorTime().measure(name, Unit.processorMicrosecondsPer("trajectory"), run::step);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
