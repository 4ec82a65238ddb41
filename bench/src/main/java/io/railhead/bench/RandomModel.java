package io.railhead.bench;

import io.railhead.policy.EmbeddedModel;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.InitialWeights;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.Prompt;
import io.railhead.policy.SafetensorsFile;
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

/// A model folder of the embedded model's shape with random weights, gone when closed. Speed does not depend on what
/// the weights are.
record RandomModel(ModelDirectory directory, List<NamedTensor> weights) implements AutoCloseable {
    RandomModel {
        weights = List.copyOf(weights);
    }

    static RandomModel create(long seed) throws IOException {
        Path folder = Files.createTempDirectory("railhead-bench-");
        ModelDirectory directory = EmbeddedModel.unpack(folder);
        List<NamedTensor> weights = InitialWeights.random(directory.config(), InitialWeights.Style.PLAIN, seed);
        SafetensorsFile.write(folder.resolve("model.safetensors"), weights, Map.of("format", "pt"));
        return new RandomModel(directory, weights);
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
