package io.railhead.policy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/// A model's weights as other programs expect them: one file, or, above a size, several and an index that says which
/// tensor is where.
public final class SafetensorsShards {
    /// What transformers takes for the most bytes of one file.
    public static final long USUAL_BYTES = 5_000_000_000L;

    private static final Map<String, String> METADATA = Map.of("format", "pt");
    private static final ObjectMapper JSON = new ObjectMapper();

    private SafetensorsShards() {}

    /// Writes the weights into a folder that has none. A tensor is never divided: one that is larger than `mostBytes`
    /// gets a file of its own.
    public static void write(Path folder, List<NamedTensor> tensors, long mostBytes) throws IOException {
        write(folder, tensors, tensor -> tensor, mostBytes);
    }

    /// The same with each tensor in another form of its name, type and shape, which is made one file at a time.
    public static void write(Path folder, List<NamedTensor> tensors, UnaryOperator<NamedTensor> form, long mostBytes)
            throws IOException {
        List<List<NamedTensor>> shards = shards(tensors, mostBytes);
        if (shards.size() == 1) {
            SafetensorsFile.write(folder.resolve(SafetensorsFile.SINGLE), formed(tensors, form), METADATA);
            return;
        }
        ObjectNode index = JSON.createObjectNode();
        index.putObject("metadata")
                .put(
                        "total_size",
                        tensors.stream().mapToLong(SafetensorsShards::bytes).sum());
        ObjectNode weightMap = index.putObject("weight_map");
        for (int i = 0; i < shards.size(); i++) {
            String name = String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
            SafetensorsFile.write(folder.resolve(name), formed(shards.get(i), form), METADATA);
            shards.get(i).forEach(tensor -> weightMap.put(tensor.name(), name));
        }
        // Last, since a folder counts as sharded by its index.
        Files.writeString(
                folder.resolve(SafetensorsFile.INDEX),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(index) + "\n");
    }

    private static List<NamedTensor> formed(List<NamedTensor> tensors, UnaryOperator<NamedTensor> form) {
        return tensors.stream().map(form).toList();
    }

    private static List<List<NamedTensor>> shards(List<NamedTensor> tensors, long mostBytes) {
        List<List<NamedTensor>> shards = new ArrayList<>();
        shards.add(new ArrayList<>());
        long filled = 0;
        for (NamedTensor tensor : tensors) {
            if (filled > 0 && filled + bytes(tensor) > mostBytes) {
                shards.add(new ArrayList<>());
                filled = 0;
            }
            shards.getLast().add(tensor);
            filled += bytes(tensor);
        }
        return shards;
    }

    private static long bytes(NamedTensor tensor) {
        return tensor.data().byteSize();
    }
}
