package io.railhead.app.replay;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.railhead.app.run.FileTree;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What was found at one commit.
public record CommitCheck(PolicyVersion version, Verdict verdict, String detail) {
    /// Whether weights and optimiser state are, bit for bit, those of the checkpoint.
    public enum Verdict {
        @JsonProperty("same")
        SAME,
        @JsonProperty("different")
        DIFFERENT,
        /// The checkpoint's files are not what its manifest says.
        @JsonProperty("damaged")
        DAMAGED,
        /// The checkpoint is not there any more.
        @JsonProperty("pruned")
        PRUNED
    }

    /// Compares every tensor of a checkpoint with the replica's.
    static CommitCheck of(PolicyVersion version, Path checkpoint, Replica replica) throws IOException {
        Path own = Files.createTempDirectory("railhead-replay-");
        try {
            replica.save(own);
            Map<String, NamedTensor> recorded = tensors(checkpoint);
            Map<String, NamedTensor> replayed = tensors(own);
            List<String> different = new ArrayList<>();
            recorded.forEach((name, tensor) -> {
                if (!tensor.equals(replayed.get(name))) {
                    different.add(name);
                }
            });
            replayed.keySet().stream()
                    .filter(name -> !recorded.containsKey(name))
                    .forEach(different::add);
            return different.isEmpty()
                    ? new CommitCheck(version, Verdict.SAME, recorded.size() + " tensors")
                    : new CommitCheck(
                            version,
                            Verdict.DIFFERENT,
                            "%s%s; %d of %d tensors differ"
                                    .formatted(
                                            different.getFirst(),
                                            largest(recorded, replayed, different.getFirst())
                                                    .map(value -> " by up to " + value)
                                                    .orElse(""),
                                            different.size(),
                                            recorded.size()));
        } finally {
            FileTree.delete(own);
        }
    }

    boolean good() {
        return verdict == Verdict.SAME || verdict == Verdict.PRUNED;
    }

    /// By file and name: `model/model.safetensors: lm_head.weight`.
    private static Map<String, NamedTensor> tensors(Path directory) throws IOException {
        Map<String, NamedTensor> tensors = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList()) {
                String name = directory.relativize(file).toString().replace('\\', '/');
                for (NamedTensor tensor : SafetensorsFile.read(file).tensors()) {
                    tensors.put(name + ": " + tensor.name(), tensor);
                }
            }
        }
        return tensors;
    }

    private static Optional<Float> largest(
            Map<String, NamedTensor> recorded, Map<String, NamedTensor> replayed, String name) {
        NamedTensor before = recorded.get(name);
        NamedTensor now = replayed.get(name);
        if (before == null
                || now == null
                || before.type() != NamedTensor.ElementType.F32
                || now.type() != NamedTensor.ElementType.F32
                || !before.shape().equals(now.shape())) {
            return Optional.empty();
        }
        float largest = 0;
        float[] values = now.floats();
        float[] expected = before.floats();
        for (int i = 0; i < values.length; i++) {
            largest = Math.max(largest, Math.abs(values[i] - expected[i]));
        }
        return Optional.of(largest);
    }
}
