package io.railhead.app.run;

import io.railhead.policy.TrainablePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// The present weights of a policy as a model folder that every command takes.
public final class SavedModel {
    private SavedModel() {}

    /// Writes a new folder, all or nothing. Adapters are merged into the weights.
    public static void write(TrainablePolicy policy, Path target) throws IOException {
        Path parent = Files.createDirectories(target.toAbsolutePath().getParent());
        Path aside = Files.createDirectory(parent.resolve(".railhead-saved-" + UUID.randomUUID()));
        try {
            policy.save(aside);
            CheckpointExport.folder(aside.resolve("model"), target);
        } finally {
            delete(aside);
        }
    }

    private static void delete(Path tree) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> paths = Files.walk(tree)) {
            deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
