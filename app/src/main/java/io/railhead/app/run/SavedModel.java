package io.railhead.app.run;

import io.railhead.policy.TrainablePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

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
            FileTree.delete(aside);
        }
    }
}
