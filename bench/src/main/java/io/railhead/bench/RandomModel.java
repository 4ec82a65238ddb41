package io.railhead.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.railhead.policy.EmbeddedModel;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.EncodedPrompt;
import io.railhead.policy.InitialWeights;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.PatchGrid;
import io.railhead.policy.Prompt;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.djl.DjlTokenizer;
import io.railhead.transit.QuestionType;
import io.railhead.transit.data.GeneratedTasks;
import io.railhead.transit.data.Split;
import io.railhead.transit.data.TaskItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A model folder with random weights, gone when closed. Speed does not depend on what the weights are.
record RandomModel(ModelDirectory directory, List<NamedTensor> weights) implements AutoCloseable {
    RandomModel {
        weights = List.copyOf(weights);
    }

    /// Of the embedded model's shape.
    static RandomModel create(long seed) throws IOException {
        return create(ModelSize.EMBEDDED, seed);
    }

    static RandomModel create(ModelSize size, long seed) throws IOException {
        return write(size, seed, Files.createTempDirectory("railhead-bench-"));
    }

    /// Writes the files into a folder, which is made if it is not there.
    static RandomModel write(ModelSize size, long seed, Path folder) throws IOException {
        EmbeddedModel.unpack(folder);
        size.writeConfig(folder.resolve("config.json"));
        ModelDirectory directory = ModelDirectory.open(folder);
        List<NamedTensor> weights = InitialWeights.random(directory.config(), InitialWeights.Style.PLAIN, seed);
        SafetensorsFile.write(folder.resolve("model.safetensors"), weights, Map.of("format", "pt"));
        writePrompt(directory, prompts(seed, 1).getFirst());
        return new RandomModel(directory, weights);
    }

    /// A prompt as tokens, for a peer in another language.
    private static void writePrompt(ModelDirectory model, Prompt prompt) throws IOException {
        try (DjlTokenizer tokenizer = DjlTokenizer.open(model.tokenizerFile())) {
            EncodedPrompt encoded = model.encoder(tokenizer).encode(prompt);
            PatchGrid grid = encoded.grids().getFirst();
            List<Integer> shape = List.of(grid.gridT(), grid.gridH(), grid.gridW());
            Path file = model.path().resolve("prompt.json");
            new JsonMapper()
                    .writeValue(
                            file.toFile(), Map.of("input_ids", encoded.tokens().toArray(), "image_grid_thw", shape));
        }
    }

    /// Planning questions, each about another map.
    static List<Prompt> prompts(long seed, int count) throws IOException {
        List<TaskItem> items = GeneratedTasks.of(seed, Math.ceilDiv(count, 3), 1, Split.TRAIN)
                .ofType(QuestionType.PLANNING)
                .items();
        var prompts = new ArrayList<Prompt>();
        for (TaskItem item : items.subList(0, count)) {
            prompts.add(new Prompt(
                    item.question().id(),
                    item.question().text(),
                    List.of(EncodedImage.of(item.image().load()))));
        }
        return List.copyOf(prompts);
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(directory.path())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
