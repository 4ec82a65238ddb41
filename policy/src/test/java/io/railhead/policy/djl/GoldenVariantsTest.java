package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.policy.EncodedImage;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.Golden;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.MropePositions;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.PatchGrid;
import io.railhead.policy.PolicyConfig;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TokenIds;
import io.railhead.policy.TrainingRow;
import io.railhead.policy.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every configuration switch that changes a number, against transformers: tiny random models, prompts of random tokens
/// with no, one and three pictures of odd sizes.
class GoldenVariantsTest {
    private static final float TOLERANCE = 1e-4f;

    @TempDir
    private Path folder;

    static List<Variant> variants() throws IOException {
        return Variant.all();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void logProbsOfEveryTokenEqualThoseOfTransformers(Variant variant) throws IOException {
        ModelDirectory model = variant.unpack(folder);
        try (var policy = DjlTrainablePolicy.open(model.path(), TrainingOptions.DEFAULT)) {
            for (Golden.Case expected : variant.cases()) {
                assertThat(policy.logProbs(
                                expected.inputIds(), expected.prompt().images()))
                        .as(expected.name())
                        .containsExactly(floats(expected.logProbs()), Offset.offset(TOLERANCE));
            }
        }
    }

    /// Each token of the vocabulary as a continuation of its own: what the logits say, up to their sum.
    @ParameterizedTest
    @MethodSource("variants")
    void theDistributionBehindAPromptEqualsThatOfTransformers(Variant variant) throws IOException {
        ModelDirectory model = variant.unpack(folder);
        List<TokenIds> vocabulary = IntStream.range(0, model.config().text().vocabSize())
                .mapToObj(TokenIds::of)
                .toList();
        try (var policy = DjlTrainablePolicy.open(model.path(), TrainingOptions.DEFAULT)) {
            for (Golden.Case expected : variant.cases()) {
                TrainingRow row =
                        new TrainingRow(expected.inputIds(), expected.prompt().images(), vocabulary);
                float[] logProbs = new float[vocabulary.size()];
                var scores = policy.score(List.of(row), ParameterSet.TARGET);
                for (int token = 0; token < logProbs.length; token++) {
                    logProbs[token] = scores.get(token).logProbs()[0];
                }
                assertThat(logProbs)
                        .as(expected.name())
                        .containsExactly(variant.lastLogProbs(expected), Offset.offset(TOLERANCE));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void sixtyFourGreedyTokensEqualThoseOfTransformers(Variant variant) throws IOException {
        ModelDirectory model = variant.unpack(folder);
        Map<String, TokenIds> found = new TreeMap<>();
        Map<String, TokenIds> wanted = new TreeMap<>();
        try (var engine =
                DjlGenerationEngine.open(model.path(), PolicyVersion.BASE, EngineOptions.of(EngineLimits.of(3, 250)))) {
            for (Golden.Case expected : variant.cases()) {
                Prompt prompt =
                        new Prompt(expected.name(), "", expected.prompt().images());
                SamplingParams sampling =
                        SamplingParams.greedy(expected.greedy().size());
                engine.submit(
                        new GenerationRequest(expected.name(), prompt, List.of(0), sampling, 1), expected.inputIds());
                wanted.put(expected.name(), expected.greedy());
            }
            while (engine.pending() > 0) {
                for (FinishedSequence sequence : engine.step()) {
                    found.put(sequence.requestId(), sequence.response().ids());
                }
            }
        }
        assertThat(found).isEqualTo(wanted);
    }

    @ParameterizedTest
    @MethodSource("variants")
    void positionsEqualThoseOfTransformers(Variant variant) throws IOException {
        ModelDirectory model = variant.unpack(folder);
        for (Golden.Case expected : variant.cases()) {
            List<PatchGrid> grids = new ArrayList<>();
            for (EncodedImage image : expected.prompt().images()) {
                grids.add(model.imageProcessor().patches(image));
            }
            MropePositions positions = MropePositions.of(expected.inputIds(), model.config(), grids);
            assertThat(positions.positions()).as(expected.name()).isDeepEqualTo(expected.positions());
            assertThat(positions.next()).as(expected.name()).isEqualTo(expected.next());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tied", "untied"})
    void anOlderConfigurationFileSaysTheSame(String name) throws IOException {
        Variant variant = new Variant(name);
        PolicyConfig newer = variant.unpack(folder).config();
        Files.copy(
                variant.file("older-config.json"), folder.resolve("config.json"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(ModelDirectory.open(folder).config()).isEqualTo(newer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tied", "untied"})
    void weightsByTheirNewerNamesAreTheSameModel(String name) throws IOException {
        Variant variant = new Variant(name);
        ModelDirectory model = variant.unpack(folder);
        Path weights = folder.resolve("model.safetensors");
        Files.copy(variant.file("newer-names.safetensors"), weights, StandardCopyOption.REPLACE_EXISTING);
        Golden.Case expected = variant.cases().getLast();
        try (var policy = DjlTrainablePolicy.open(model.path(), TrainingOptions.DEFAULT)) {
            assertThat(policy.logProbs(expected.inputIds(), expected.prompt().images()))
                    .containsExactly(floats(expected.logProbs()), Offset.offset(TOLERANCE));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"left", "right"})
    void rowsComputedTogetherEqualAPaddedBatchOfTransformers(String side) throws IOException {
        Variant variant = new Variant("untied");
        ModelDirectory model = variant.unpack(folder);
        List<TrainingRow> rows = new ArrayList<>();
        List<Golden.Case> cases = variant.cases();
        for (Golden.Case expected : cases) {
            List<EncodedImage> images = expected.prompt().images();
            rows.add(split(expected.inputIds(), images, model.config().imageTokenId()));
        }
        try (var policy = DjlTrainablePolicy.open(model.path(), TrainingOptions.DEFAULT)) {
            var scores = policy.score(rows, ParameterSet.TARGET);
            for (int row = 0; row < rows.size(); row++) {
                Variant.PaddedRow padded = variant.padded(side).get(row);
                assertThat(padded.positions()).isDeepEqualTo(cases.get(row).positions());
                assertThat(padded.next()).isEqualTo(cases.get(row).next());
                float[] wanted = padded.logProbs();
                int first = rows.get(row).prefix().size() - 1;
                assertThat(scores.get(row).logProbs())
                        .containsExactly(Arrays.copyOfRange(wanted, first, wanted.length), Offset.offset(TOLERANCE));
            }
        }
    }

    @Test
    void variantsAreNotTheSameModel() throws IOException {
        assertThat(variants()).hasSizeGreaterThan(15);
        assertThat(variants().stream().map(v -> v.cases().getFirst().node().get("logprobs")))
                .doesNotHaveDuplicates();
    }

    /// The prefix ends behind the last picture, or after the first token.
    private static TrainingRow split(TokenIds tokens, List<EncodedImage> images, int placeholder) {
        int[] ids = tokens.toArray();
        int end = 1;
        for (int i = 0; i < ids.length; i++) {
            end = ids[i] == placeholder ? i + 1 : end;
        }
        return new TrainingRow(
                TokenIds.of(Arrays.copyOf(ids, end)),
                images,
                List.of(TokenIds.of(Arrays.copyOfRange(ids, end, ids.length))));
    }

    private static float[] floats(double[] doubles) {
        float[] floats = new float[doubles.length];
        for (int i = 0; i < doubles.length; i++) {
            floats[i] = (float) doubles[i];
        }
        return floats;
    }
}
