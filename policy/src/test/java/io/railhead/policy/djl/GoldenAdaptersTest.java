package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.railhead.policy.AdapterDirectory;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.Golden;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Adapters that PEFT made, and what transformers computes with them.
class GoldenAdaptersTest {
    private static final double TOLERANCE = 1e-4;

    @TempDir
    Path folder;

    @TempDir
    Path merged;

    @ParameterizedTest
    @ValueSource(strings = {"every-projection", "decoder"})
    void logProbsWithAdaptersEqualThoseOfPeft(String adapters) throws IOException {
        AdapterDirectory directory = adaptedModel(adapters).adapters().orElseThrow();
        try (var policy = DjlTrainablePolicy.open(folder, TestDevice.training().with(directory.lora()))) {
            assertLogProbs(policy, adapters, "logprobs");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"every-projection", "decoder"})
    void greedyTokensWithAdaptersEqualThoseOfPeft(String adapters) throws IOException {
        adaptedModel(adapters);
        Map<String, TokenIds> expected = new HashMap<>();
        Map<String, TokenIds> generated = new HashMap<>();
        try (var engine =
                DjlGenerationEngine.open(folder, PolicyVersion.BASE, TestDevice.engine(EngineLimits.of(4, 256)))) {
            for (JsonNode row : expected(adapters)) {
                TokenIds greedy = TokenIds.of(Golden.ints(row.get("greedy")));
                expected.put(row.get("name").textValue(), greedy);
            }
            for (Golden.Case one : Golden.cases()) {
                SamplingParams sampling =
                        SamplingParams.greedy(of(expected, one.name()).size());
                engine.submit(new GenerationRequest(one.name(), one.prompt(), List.of(0), sampling, 1));
            }
            while (engine.pending() > 0) {
                engine.step()
                        .forEach(one ->
                                generated.put(one.requestId(), one.response().ids()));
            }
        }
        // The engine ends a sequence at the end token, which the script told transformers to ignore.
        generated.forEach((name, ids) -> assertThat(ids.stream().boxed())
                .as(name)
                .isEqualTo(of(expected, name).stream().limit(ids.size()).boxed().toList()));
        assertThat(generated.keySet()).isEqualTo(expected.keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"every-projection", "decoder"})
    void logProbsOfTheMergedModelEqualThoseOfPeft(String adapters) throws IOException {
        AdapterMerge.write(adaptedModel(adapters), merged);
        assertThat(ModelDirectory.open(merged).adapters()).isEmpty();
        try (var policy = DjlTrainablePolicy.open(merged, TestDevice.training())) {
            assertLogProbs(policy, adapters, "merged");
        }
    }

    private void assertLogProbs(DjlTrainablePolicy policy, String adapters, String which) throws IOException {
        Map<String, double[]> expected = new HashMap<>();
        for (JsonNode row : expected(adapters)) {
            expected.put(
                    row.get("name").textValue(),
                    StreamSupport.stream(row.get(which).spliterator(), false)
                            .mapToDouble(JsonNode::doubleValue)
                            .toArray());
        }
        for (Golden.Case one : Golden.cases()) {
            float[] computed = policy.logProbs(one.inputIds(), one.prompt().images());
            double[] wide = new double[computed.length];
            for (int i = 0; i < wide.length; i++) {
                wide[i] = computed[i];
            }
            assertThat(wide).as(one.name()).containsExactly(of(expected, one.name()), within(TOLERANCE));
        }
    }

    private static <V> V of(Map<String, V> map, String name) {
        return Objects.requireNonNull(map.get(name), name);
    }

    private static JsonNode expected(String adapters) throws IOException {
        return Golden.json("adapters/" + adapters + "/expected.json");
    }

    /// The golden model with a folder of adapters in it.
    private ModelDirectory adaptedModel(String adapters) throws IOException {
        copy(Golden.path("model"), folder);
        copy(Golden.path("adapters/" + adapters), Files.createDirectory(folder.resolve("adapter")));
        return ModelDirectory.open(folder);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
