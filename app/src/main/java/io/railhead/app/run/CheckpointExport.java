package io.railhead.app.run;

import io.railhead.learner.CheckpointException;
import io.railhead.learner.Checkpoints;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.SafetensorsShards;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// The model of a checkpoint as a folder of its own.
public final class CheckpointExport {
    private CheckpointExport() {}

    /// Copies the model of a checkpoint, or of the newest one of a run, into a new or empty folder, all or nothing.
    /// Large
    /// weights become several files, as transformers writes them.
    ///
    /// @return what was exported, for the user
    public static String copy(Path runOrCheckpoint, Path target) throws IOException, CheckpointException {
        Checkpoints.Checkpoint checkpoint = find(runOrCheckpoint);
        if (Files.exists(target) && !(Files.isDirectory(target) && list(target).isEmpty())) {
            throw new UsageException(target + " is not an empty folder");
        }
        Path parent = Files.createDirectories(target.toAbsolutePath().getParent());
        Path aside = Files.createDirectory( // not a temporary one, which only its owner may read
                parent.resolve(".railhead-export-" + UUID.randomUUID()));
        Path model = checkpoint.directory().resolve("model");
        for (Path file : list(model)) {
            if (!file.getFileName().toString().matches("model.*\\.safetensors(\\.index\\.json)?")) {
                Files.copy(file, aside.resolve(file.getFileName()));
            }
        }
        SafetensorsShards.write(aside, SafetensorsFile.readModel(model), SafetensorsShards.USUAL_BYTES);
        Files.deleteIfExists(target);
        Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        return checkpoint.version() + " of " + checkpoint.directory();
    }

    /// @throws CheckpointException if the checkpoint is damaged
    /// @throws UsageException if there is none
    static Checkpoints.Checkpoint find(Path runOrCheckpoint) throws CheckpointException {
        if (Files.isDirectory(runOrCheckpoint.resolve("model"))) {
            return Checkpoints.read(runOrCheckpoint);
        }
        if (!Files.isDirectory(runOrCheckpoint)) {
            throw new UsageException("no run or checkpoint " + runOrCheckpoint);
        }
        Checkpoints.Latest latest = Checkpoints.latest(runOrCheckpoint);
        if (latest.checkpoint().isEmpty() && !latest.skipped().isEmpty()) {
            throw latest.skipped().getFirst();
        }
        return latest.checkpoint().orElseThrow(() -> new UsageException("no checkpoint in " + runOrCheckpoint));
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
