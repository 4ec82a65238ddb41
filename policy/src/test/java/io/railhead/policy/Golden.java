package io.railhead.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;

/// The files that `tools/golden/make_golden.py` wrote.
public final class Golden {
    private Golden() {}

    public static Path path(String name) {
        try {
            URL resource = Golden.class.getResource("/golden/" + name);
            return Path.of(Objects.requireNonNull(resource, name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(name, e);
        }
    }

    public static JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(path(name)));
    }

    public static ModelDirectory model() throws IOException {
        return ModelDirectory.open(path("model"));
    }

    public static EncodedImage image(String name) throws IOException {
        return EncodedImage.of(Files.readAllBytes(path("images/" + name)));
    }

    /// The floats of a tensor of `expected.safetensors`.
    public static float[] floats(String tensor) throws IOException {
        return floats(path("expected.safetensors"), tensor);
    }

    static float[] floats(Path file, String tensor) throws IOException {
        NamedTensor found = SafetensorsFile.read(file).tensors().stream()
                .filter(t -> t.name().equals(tensor))
                .findAny()
                .orElseThrow();
        return found.floats();
    }

    /// The cases of `model-cases.json`.
    public static List<Case> cases() throws IOException {
        return StreamSupport.stream(json("model-cases.json").spliterator(), false)
                .map(Case::new)
                .toList();
    }

    public static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }

    /// A prompt with what transformers made of it.
    public record Case(JsonNode node) {
        public String name() {
            return node.get("name").textValue();
        }

        public TokenIds inputIds() {
            return TokenIds.of(ints(node.get("inputIds")));
        }

        public Prompt prompt() throws IOException {
            List<EncodedImage> images = new ArrayList<>();
            for (JsonNode image : node.get("images")) {
                images.add(image(image.textValue()));
            }
            return new Prompt(name(), node.path("text").asText(), images);
        }

        public int[][] positions() {
            JsonNode rows = node.get("positions");
            return new int[][] {ints(rows.get(0)), ints(rows.get(1)), ints(rows.get(2))};
        }

        public int next() {
            return node.get("next").intValue();
        }

        /// Of each token but the first, given those before it.
        public double[] logProbs() {
            return StreamSupport.stream(node.get("logprobs").spliterator(), false)
                    .mapToDouble(JsonNode::doubleValue)
                    .toArray();
        }

        public TokenIds greedy() {
            return TokenIds.of(ints(node.get("greedy")));
        }

        @Override
        public String toString() {
            return name();
        }
    }
}
