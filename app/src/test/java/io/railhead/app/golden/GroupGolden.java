package io.railhead.app.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.railhead.learner.objective.Advantages;
import io.railhead.learner.objective.Aggregation;
import io.railhead.learner.objective.BatchShape;
import io.railhead.learner.objective.BehaviourWeight;
import io.railhead.learner.objective.KlEstimator;
import io.railhead.learner.objective.ObjectiveMeasurements;
import io.railhead.learner.objective.PolicyObjective;
import io.railhead.learner.objective.SequenceTarget;
import io.railhead.learner.objective.surrogate.RatioClip;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.ParameterShape;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.TokenIds;
import io.railhead.policy.TokenObjective;
import io.railhead.policy.TrainingRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A group of responses to one prompt, its GRPO loss, and what `tools/golden/make_gradients.py` says of both.
record GroupGolden(String name, JsonNode node) {
    private static final Path GOLDEN = Path.of("../policy/src/test/resources/golden");

    static GroupGolden read(String name) throws IOException {
        return new GroupGolden(name, new ObjectMapper().readTree(Files.readAllBytes(file(name, ".json"))));
    }

    private static Path file(String name, String ending) {
        return GOLDEN.resolve("gradients/" + name + ending);
    }

    /// The model as a folder with a tokenizer, which the numbers do not depend on.
    Path unpack(Path target) throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN.resolve("variants/" + name))) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
        Files.copy(GOLDEN.resolve("model/tokenizer.json"), target.resolve("tokenizer.json"));
        return target;
    }

    TrainingRow row() throws IOException {
        Path image = GOLDEN.resolve("images/" + node.get("image").textValue());
        List<TokenIds> responses = new ArrayList<>();
        node.get("responses").forEach(response -> responses.add(tokens(response)));
        return new TrainingRow(
                tokens(node.get("prompt")), List.of(EncodedImage.of(Files.readAllBytes(image))), responses);
    }

    double[] advantages() {
        return Advantages.valueOf(node.at("/case/advantages").textValue().toUpperCase(Locale.ROOT))
                .of(doubles(node.at("/case/rewards")));
    }

    double[] expectedAdvantages() {
        return doubles(node.get("advantages"));
    }

    TokenObjective objective() {
        JsonNode settings = node.get("case");
        PolicyObjective objective = new PolicyObjective(
                RatioClip.of(
                        settings.get("low").doubleValue(), settings.get("high").doubleValue()),
                new BehaviourWeight.None(),
                KlEstimator.K3,
                settings.get("kl").doubleValue(),
                settings.get("entropy").doubleValue(),
                Aggregation.TOKEN_MEAN,
                0);
        List<SequenceTarget> targets = new ArrayList<>();
        for (int i = 0; i < node.get("responses").size(); i++) {
            int[] counted = tokens(node.get("counted").get(i)).toArray();
            boolean[] mask = new boolean[counted.length];
            for (int t = 0; t < mask.length; t++) {
                mask[t] = counted[t] == 1;
            }
            targets.add(new SequenceTarget(
                    advantages()[i],
                    null,
                    floats(node.get("behaviour").get(i)),
                    floats(node.get("reference").get(i)),
                    mask));
        }
        return objective.on(targets, BatchShape.of(targets), new ObjectiveMeasurements());
    }

    OptimizerStep optimizerStep() {
        JsonNode settings = node.get("optimizer");
        return new OptimizerStep(
                settings.get("learning_rate").doubleValue(),
                settings.get("beta1").doubleValue(),
                settings.get("beta2").doubleValue(),
                settings.get("epsilon").doubleValue(),
                settings.get("weight_decay").doubleValue(),
                settings.get("max_gradient_norm").doubleValue());
    }

    double[] losses() {
        return doubles(node.get("losses"));
    }

    double[] norms() {
        return doubles(node.get("norms"));
    }

    /// Expected values by weight: those whose names begin with `kind`.
    Map<String, float[]> expected(String kind) throws IOException {
        return floatsOf(SafetensorsFile.read(file(name, ".safetensors")).tensors(), kind + ".");
    }

    /// The floats of all tensors whose names begin with `prefix`, by the published name of the weight.
    static Map<String, float[]> floatsOf(List<NamedTensor> tensors, String prefix) {
        Map<String, float[]> floats = new TreeMap<>();
        for (NamedTensor tensor : tensors) {
            if (tensor.name().startsWith(prefix)) {
                float[] values = tensor.floats();
                floats.put(ParameterShape.canonicalName(tensor.name().substring(prefix.length())), values);
            }
        }
        return floats;
    }

    private static TokenIds tokens(JsonNode array) {
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = array.get(i).intValue();
        }
        return TokenIds.of(ids);
    }

    private static double[] doubles(JsonNode array) {
        double[] doubles = new double[array.size()];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = array.get(i).doubleValue();
        }
        return doubles;
    }

    private static float[] floats(JsonNode array) {
        float[] floats = new float[array.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = array.get(i).floatValue();
        }
        return floats;
    }
}
