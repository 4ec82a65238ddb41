package io.railhead.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// One of the models that `tools/golden/make_variants.py` wrote, with what transformers computes of it.
public record Variant(String name) {

    public static List<Variant> all() throws IOException {
        try (Stream<Path> folders = Files.list(Golden.path("variants"))) {
            return folders.map(folder -> new Variant(folder.getFileName().toString()))
                    .sorted((a, b) -> a.name().compareTo(b.name()))
                    .toList();
        }
    }

    public Path file(String file) {
        return Golden.path("variants/" + name + "/" + file);
    }

    /// The prompts with no, one and three pictures.
    public List<Golden.Case> cases() {
        try {
            return StreamSupport.stream(
                            Golden.json("variants/" + name + "/cases.json").spliterator(), false)
                    .map(Golden.Case::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Log-probabilities of the whole vocabulary behind a prompt.
    public float[] lastLogProbs(Golden.Case expected) throws IOException {
        return Golden.floats(file("expected.safetensors"), "last." + expected.name());
    }

    /// The prompts as transformers computes them in one batch, padded on the given side.
    public List<PaddedRow> padded(String side) throws IOException {
        return StreamSupport.stream(
                        Golden.json("variants/" + name + "/padded.json")
                                .get(side)
                                .spliterator(),
                        false)
                .map(PaddedRow::new)
                .toList();
    }

    /// A prompt within a padded batch, without its padding.
    public record PaddedRow(JsonNode node) {
        public int[][] positions() {
            int[] real = Golden.ints(node.get("real"));
            int[][] kept = new int[3][];
            for (int axis = 0; axis < 3; axis++) {
                int[] all = Golden.ints(node.get("positions").get(axis));
                kept[axis] = IntStream.range(0, all.length)
                        .filter(i -> real[i] == 1)
                        .map(i -> all[i])
                        .toArray();
            }
            return kept;
        }

        public int next() {
            return node.get("next").intValue();
        }

        public float[] logProbs() {
            float[] logProbs = new float[node.get("logprobs").size()];
            for (int i = 0; i < logProbs.length; i++) {
                logProbs[i] = node.get("logprobs").get(i).floatValue();
            }
            return logProbs;
        }
    }

    /// A folder of this model alone, with a tokenizer, which the numbers do not depend on.
    public ModelDirectory unpack(Path target) throws IOException {
        try (Stream<Path> files = Files.list(file(""))) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
        Files.copy(Golden.model().tokenizerFile(), target.resolve("tokenizer.json"));
        return ModelDirectory.open(target);
    }

    @Override
    public String toString() {
        return name;
    }
}
