package io.railhead.app.run;

import io.railhead.learner.CheckpointException;
import io.railhead.learner.Checkpoints;
import io.railhead.policy.AdapterDirectory;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.SafetensorsShards;
import io.railhead.policy.djl.AdapterMerge;
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

    /// Writes the model of a checkpoint, or of the newest one of a run, into a new or empty folder, all or
    /// nothing. Adapters of a LoRA run are merged into the weights. Large weights become several files.
    ///
    /// @return what was exported, for the user
    public static String model(Path runOrCheckpoint, Path target) throws IOException, CheckpointException {
        Checkpoints.Checkpoint checkpoint = find(runOrCheckpoint);
        folder(checkpoint.directory().resolve("model"), target);
        return checkpoint.version() + " of " + checkpoint.directory();
    }

    /// The same with the adapters of a LoRA run alone, in PEFT's layout.
    ///
    /// @throws UsageException if the run has none
    public static String adapters(Path runOrCheckpoint, Path target) throws IOException, CheckpointException {
        Checkpoints.Checkpoint checkpoint = find(runOrCheckpoint);
        Path adapters = checkpoint.directory().resolve("model").resolve(AdapterDirectory.NAME);
        if (!Files.isDirectory(adapters)) {
            throw new UsageException(
                    checkpoint.directory() + " has no adapters: the run trained the weights themselves");
        }
        write(target, aside -> copy(adapters, aside));
        return "adapters at " + checkpoint.version() + " of " + checkpoint.directory();
    }

    /// The same of a model folder that a policy wrote.
    public static void folder(Path model, Path target) throws IOException {
        if (Files.isDirectory(model.resolve(AdapterDirectory.NAME))) {
            write(target, aside -> AdapterMerge.write(ModelDirectory.open(model), aside));
        } else {
            write(target, aside -> copyModel(model, aside));
        }
    }

    /// @throws UsageException if nothing can be written in this place
    public static void requireVacant(Path target) {
        try {
            if (Files.exists(target)
                    && !(Files.isDirectory(target) && list(target).isEmpty())) {
                throw new UsageException(target + " is not an empty folder");
            }
        } catch (IOException e) {
            throw new UsageException("cannot look into " + target + ": " + e.getMessage(), e);
        }
    }

    private interface Writer {
        void write(Path folder) throws IOException;
    }

    private static void copyModel(Path model, Path aside) throws IOException {
        for (Path file : list(model)) {
            if (!file.getFileName().toString().matches("model.*\\.safetensors(\\.index\\.json)?")) {
                Files.copy(file, aside.resolve(file.getFileName()));
            }
        }
        SafetensorsShards.write(aside, SafetensorsFile.readModel(model), SafetensorsShards.USUAL_BYTES);
    }

    private static void copy(Path from, Path to) throws IOException {
        for (Path file : list(from)) {
            Files.copy(file, to.resolve(file.getFileName()));
        }
    }

    private static void write(Path target, Writer contents) throws IOException {
        requireVacant(target);
        Path parent = Files.createDirectories(target.toAbsolutePath().getParent());
        Path aside = Files.createDirectory( // not a temporary one, which only its owner may read
                parent.resolve(".railhead-export-" + UUID.randomUUID()));
        contents.write(aside);
        Files.deleteIfExists(target);
        Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
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
