package io.railhead.actors.weights;

import io.railhead.actors.protocol.WeightsCommand.Manifest;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.WeightsSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Weights as files of a directory that all nodes see: `v12.safetensors`, replaced only as a whole, the newest kept.
public final class WeightsFiles {
    private static final String FILE = "file:";
    private static final String SUFFIX = ".safetensors";

    private final Path directory;
    private final int keep;

    public WeightsFiles(Path directory, int keep) {
        this.directory = directory.toAbsolutePath();
        this.keep = keep;
    }

    /// Writes a snapshot, removes files beyond the newest, and says how others find it.
    public Manifest write(WeightsSnapshot snapshot) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve(snapshot.version() + SUFFIX);
        String sha256 = snapshot.sha256();
        SafetensorsFile.write(file, snapshot.tensors(), Map.of("sha256", sha256));
        prune(snapshot.version());
        return new Manifest(snapshot.version(), sha256, snapshot.byteCount(), FILE + file);
    }

    /// A reader that has an old file open keeps it until it is done.
    private void prune(PolicyVersion newest) throws IOException {
        List<Path> old;
        try (Stream<Path> files = Files.list(directory)) {
            old = files.filter(file -> file.getFileName().toString().matches("v[0-9]{1,18}\\.safetensors"))
                    .filter(file -> versionOf(file).compareTo(newest) <= 0)
                    .sorted((a, b) -> versionOf(b).compareTo(versionOf(a)))
                    .skip(keep)
                    .toList();
        }
        for (Path file : old) {
            Files.deleteIfExists(file);
        }
    }

    private static PolicyVersion versionOf(Path file) {
        String name = file.getFileName().toString();
        return new PolicyVersion(Long.parseLong(name.substring(1, name.length() - SUFFIX.length())));
    }

    /// Reads what a manifest names, and verifies it.
    ///
    /// The contents are copied out of the file before they are hashed: what was verified cannot change afterwards.
    ///
    /// @throws IOException if the file is missing or damaged, or is not what the manifest says
    static WeightsSnapshot read(Manifest manifest) throws IOException {
        if (!manifest.location().startsWith(FILE)) {
            throw new IOException(manifest.version() + " is not on this node and has no file: " + manifest.location());
        }
        Path file = Path.of(manifest.location().substring(FILE.length()));
        List<NamedTensor> tensors = SafetensorsFile.read(file).tensors().stream()
                .map(NamedTensor::copied)
                .toList();
        WeightsSnapshot snapshot = new WeightsSnapshot(manifest.version(), tensors);
        if (snapshot.byteCount() != manifest.byteCount()) {
            throw new IOException(
                    file + " holds " + snapshot.byteCount() + " bytes of weights instead of " + manifest.byteCount());
        }
        String sha256 = snapshot.sha256();
        if (!sha256.equals(manifest.sha256())) {
            throw new IOException(file + " hashes to " + sha256 + " instead of " + manifest.sha256());
        }
        return snapshot;
    }
}
