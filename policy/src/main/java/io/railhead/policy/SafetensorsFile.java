package io.railhead.policy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Tensors in a safetensors file: 8 bytes of header length, a JSON header, the contents.
///
/// Reading maps the file: contents come into memory when touched, and stay mapped while a tensor is reachable. A
/// mapped file must not be cut short, so files are only ever replaced as a whole, as `write` does.
public record SafetensorsFile(List<NamedTensor> tensors, Map<String, String> metadata) {
    /// The name of a model's weights when they are one file.
    public static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    public SafetensorsFile {
        tensors = List.copyOf(tensors);
        metadata = Map.copyOf(metadata);
    }

    /// @throws InvalidModelException if the file is missing or anything in it contradicts the format; the
    ///     header is checked whole before any tensor is made, and its size is bounded
    public static SafetensorsFile read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InvalidModelException(file, "the file is missing");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return SafetensorsHeader.read(file, channel).map(channel);
        }
    }

    /// The tensors of a model folder: `model.safetensors`, or the shards that `model.safetensors.index.json` names.
    ///
    /// @throws InvalidModelException if a file or an indexed tensor is missing or damaged
    public static List<NamedTensor> readModel(Path modelDirectory) throws IOException {
        Path single = modelDirectory.resolve(SINGLE);
        Path index = modelDirectory.resolve(INDEX);
        return Files.exists(single) || !Files.exists(index) ? read(single).tensors() : readShards(index);
    }

    /// The files that hold a model's weights, and their index if there is one.
    static List<Path> modelFiles(Path modelDirectory) throws IOException {
        Path single = modelDirectory.resolve(SINGLE);
        Path index = modelDirectory.resolve(INDEX);
        if (Files.exists(single) || !Files.exists(index)) {
            return List.of(single);
        }
        return Stream.concat(
                        Stream.of(index),
                        shardOfTensor(index).values().stream().distinct().map(index::resolveSibling))
                .toList();
    }

    private static List<NamedTensor> readShards(Path index) throws IOException {
        Map<String, Map<String, NamedTensor>> shards = new HashMap<>();
        List<NamedTensor> tensors = new ArrayList<>();
        for (Map.Entry<String, String> entry : shardOfTensor(index).entrySet()) {
            Map<String, NamedTensor> shard = shards.get(entry.getValue());
            if (shard == null) {
                shard = new HashMap<>();
                for (NamedTensor tensor :
                        read(index.resolveSibling(entry.getValue())).tensors()) {
                    shard.put(tensor.name(), tensor);
                }
                shards.put(entry.getValue(), shard);
            }
            NamedTensor tensor = shard.get(entry.getKey());
            if (tensor == null) {
                throw new InvalidModelException(index, entry.getKey() + " is not in " + entry.getValue());
            }
            tensors.add(tensor);
        }
        return tensors;
    }

    private static Map<String, String> shardOfTensor(Path index) throws InvalidModelException {
        JsonSettings weightMap = JsonSettings.read(index)
                .child("weight_map")
                .orElseThrow(() -> new InvalidModelException(index, "weight_map is missing"));
        Map<String, String> shardOfTensor = new TreeMap<>();
        for (var entry : weightMap.node().properties()) {
            String shard = entry.getValue().asText();
            if (!shard.matches("[A-Za-z0-9._-]+\\.safetensors")) {
                throw new InvalidModelException(
                        index, "weight_map." + entry.getKey() + " = " + entry.getValue() + " is no file name");
            }
            shardOfTensor.put(entry.getKey(), shard);
        }
        return shardOfTensor;
    }

    /// Writes aside, forces to disk and renames: the file is the old one or the whole new one, never in between.
    ///
    /// @throws IllegalArgumentException if two tensors have one name
    public static void write(Path file, List<NamedTensor> tensors, Map<String, String> metadata) throws IOException {
        // Wider elements first, as the format's own library writes them, so that each tensor is aligned.
        List<NamedTensor> ordered = tensors.stream()
                .sorted(Comparator.<NamedTensor>comparingInt(t -> -t.type().bytes())
                        .thenComparing(NamedTensor::name))
                .toList();
        ByteBuffer header = SafetensorsHeader.encode(ordered, metadata);
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null) {
            throw new IOException(file + " is no file");
        }
        Path aside = Files.createTempFile(folder, "." + absolute.getFileName(), ".partial");
        try {
            try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
                writeFully(channel, header);
                for (NamedTensor tensor : ordered) {
                    for (ByteBuffer piece : (Iterable<ByteBuffer>) tensor.pieces()::iterator) {
                        writeFully(channel, piece);
                    }
                }
                channel.force(true);
            }
            Files.move(aside, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(aside);
        }
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
