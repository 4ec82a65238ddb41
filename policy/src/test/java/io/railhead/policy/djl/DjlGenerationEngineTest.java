package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.railhead.policy.EncodedImage;
import io.railhead.policy.FinishReason;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.InitialWeights;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.PromptRejectedException;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TokenIds;
import io.railhead.policy.TrainingRow;
import io.railhead.policy.WeightsSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DjlGenerationEngineTest {
    private static final EncodedImage PICTURE = TinyModel.picture(24, 16, 1);

    @TempDir
    Path folder;

    private ModelDirectory model;
    private DjlGenerationEngine engine;

    @BeforeEach
    void open() throws IOException {
        model = TinyModel.create(folder);
        engine = reopened(6);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private DjlGenerationEngine reopened(int slots) throws IOException {
        return DjlGenerationEngine.open(folder, PolicyVersion.BASE, EngineOptions.of(EngineLimits.of(slots, 192)));
    }

    private DjlGenerationEngine limited(EngineLimits limits) throws IOException {
        return DjlGenerationEngine.open(folder, PolicyVersion.BASE, EngineOptions.of(limits));
    }

    private static GenerationRequest request(String id, int samples, int maxTokens, long seed) {
        return request(id, IntStream.range(0, samples).boxed().toList(), SamplingParams.plain(maxTokens, 1), seed);
    }

    private static GenerationRequest request(String id, List<Integer> samples, SamplingParams sampling, long seed) {
        return new GenerationRequest(id, new Prompt(id, "Where?", List.of(PICTURE)), samples, sampling, seed);
    }

    private static Map<String, SampledTokens> drain(DjlGenerationEngine engine) {
        Map<String, SampledTokens> responses = new HashMap<>();
        while (engine.pending() > 0) {
            for (FinishedSequence finished : engine.step()) {
                String sample = finished.requestId() + "/" + finished.sampleIndex();
                assertThat(responses.put(sample, finished.response()))
                        .as(sample)
                        .isNull();
            }
        }
        return responses;
    }

    private WeightsSnapshot weights(long version, long seed) {
        return new WeightsSnapshot(
                new PolicyVersion(version), InitialWeights.random(model.config(), InitialWeights.Style.MIMETIC, seed));
    }

    @Test
    void theSameRequestsGiveTheSameTokensAndBits() throws IOException {
        List<Map<String, SampledTokens>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            try (DjlGenerationEngine fresh = reopened(6)) {
                fresh.submit(request("a", 4, 12, 1));
                fresh.step();
                fresh.submit(request("b", 4, 9, 2));
                runs.add(drain(fresh));
            }
        }
        assertThat(runs.get(0)).hasSize(8).isEqualTo(runs.get(1));
    }

    @Test
    void aSampleIsTheSameToTheBitWhateverRunsBesideIt() {
        SamplingParams sampling = SamplingParams.plain(90, 1);
        engine.submit(request("a", List.of(0, 1, 2, 3), sampling, 1));
        Map<String, SampledTokens> together = drain(engine);
        for (int sample = 0; sample < 4; sample++) {
            engine.submit(request("b", 3, 15, 9));
            engine.step();
            engine.submit(new GenerationRequest(
                    "long", new Prompt("long", "Where? ".repeat(5), List.of()), List.of(0), sampling, 5));
            engine.submit(request("a", List.of(sample), sampling, 1));
            assertThat(drain(engine)).containsEntry("a/" + sample, together.get("a/" + sample));
        }
    }

    @Test
    void differentSeedsAndSamplesGiveDifferentTokens() {
        engine.submit(request("a", 3, 12, 1));
        engine.submit(request("b", 3, 12, 2));
        Set<TokenIds> distinct = new HashSet<>();
        drain(engine).values().forEach(response -> distinct.add(response.ids()));
        assertThat(distinct).hasSize(6);
    }

    @Test
    void requestsWaitInOrderAndTheirSamplesStartTogether() throws IOException {
        try (DjlGenerationEngine small = reopened(4)) {
            small.submit(request("first", 3, 2, 1));
            small.submit(request("second", 2, 1, 2));
            small.submit(request("third", 1, 1, 3)); // would fit beside the first, but does not overtake
            assertThat(small.pending()).isEqualTo(6);
            assertThat(ids(small.step())).isEmpty();
            assertThat(ids(small.step())).containsExactly("first/0", "first/1", "first/2");
            assertThat(ids(small.step())).containsExactly("second/0", "second/1", "third/0");
            assertThat(small.pending()).isZero();
        }
    }

    @Test
    void aSequenceEndsWithAnEndTokenOrAtItsLength() {
        Set<FinishReason> seen = new HashSet<>();
        for (int seed = 0; seed < 60 && seen.size() < 2; seed++) {
            engine.submit(request("r" + seed, 6, 40, seed));
            while (engine.pending() > 0) {
                for (FinishedSequence finished : engine.step()) {
                    TokenIds ids = finished.response().ids();
                    assertThat(ids.stream().limit(ids.size() - 1L)).doesNotContain(TinyModel.END_TOKEN);
                    boolean stopped = ids.get(ids.size() - 1) == TinyModel.END_TOKEN;
                    assertThat(finished.finishReason()).isEqualTo(stopped ? FinishReason.STOP : FinishReason.LENGTH);
                    assertThat(stopped || ids.size() == 40).isTrue();
                    seen.add(finished.finishReason());
                }
            }
        }
        assertThat(seen).containsExactlyInAnyOrder(FinishReason.STOP, FinishReason.LENGTH);
    }

    @Test
    void swapTakesEffectBetweenTwoTokens() {
        engine.submit(request("a", 2, 6, 1));
        engine.step();
        engine.step();
        engine.swap(weights(3, 7)); // the same weights under another version
        assertThat(engine.version()).isEqualTo(new PolicyVersion(3));
        for (SampledTokens response : drain(engine).values()) {
            long[] expected = new long[response.size()];
            Arrays.fill(expected, Math.min(2, expected.length), expected.length, 3);
            assertThat(response.behaviourVersions()).isEqualTo(expected);
        }
    }

    @Test
    void afterASwapTheNewWeightsSpeak() throws IOException {
        engine.swap(weights(1, 99));
        engine.submit(request("a", 4, 8, 1));
        Path other = folder.resolve("other");
        SafetensorsFile.write(
                TinyModel.create(other).path().resolve("model.safetensors"),
                weights(1, 99).tensors(),
                Map.of());
        try (DjlTrainablePolicy policy = DjlTrainablePolicy.open(other, TrainingOptions.DEFAULT)) {
            TokenIds prompt = policy.tokenize(request("a", 1, 1, 1).prompt());
            for (SampledTokens response : drain(engine).values()) {
                TrainingRow row = new TrainingRow(prompt, List.of(PICTURE), List.of(response.ids()));
                float[] scored = policy.score(List.of(row), ParameterSet.TARGET)
                        .getFirst()
                        .logProbs();
                assertThat(scored).containsExactly(response.behaviourLogProbs(), within(1e-4f));
            }
        }
    }

    @Test
    void tokensBeforeAnInFlightSwapKeepTheOldWeightsLogProbs() throws IOException {
        engine.submit(request("a", 4, 8, 1));
        engine.step();
        engine.step();
        engine.step();
        engine.swap(weights(1, 99));
        try (DjlTrainablePolicy old = DjlTrainablePolicy.open(folder, TrainingOptions.DEFAULT)) {
            TokenIds prompt = old.tokenize(request("a", 1, 1, 1).prompt());
            for (SampledTokens response : drain(engine).values()) {
                TrainingRow row = new TrainingRow(prompt, List.of(PICTURE), List.of(response.ids()));
                float[] scored =
                        old.score(List.of(row), ParameterSet.TARGET).getFirst().logProbs();
                int before = Math.min(3, scored.length);
                assertThat(Arrays.copyOf(scored, before))
                        .containsExactly(Arrays.copyOf(response.behaviourLogProbs(), before), within(1e-4f));
                for (int i = before; i < scored.length; i++) {
                    assertThat(scored[i]).isNotCloseTo(response.behaviourLogProb(i), within(1e-4f));
                }
            }
        }
    }

    @Test
    void weightsThatDoNotFitAreRefusedByNameAndChangeNothing() {
        engine.submit(request("a", 2, 6, 1));
        TokenIds expected = response(drain(engine), "a/1");
        List<NamedTensor> good = weights(2, 99).tensors();
        NamedTensor norm = good.stream()
                .filter(tensor -> tensor.name().equals("model.norm.weight"))
                .findAny()
                .orElseThrow();
        List<NamedTensor> missing = new ArrayList<>(good);
        missing.remove(norm);
        List<NamedTensor> misshapen = new ArrayList<>(missing);
        misshapen.add(new NamedTensor(norm.name(), norm.type(), List.of(2L, 16L), norm.data()));
        List<NamedTensor> unknown = new ArrayList<>(good);
        unknown.add(new NamedTensor("model.extra", norm.type(), norm.shape(), norm.data()));

        assertRefused(missing, "model.norm.weight");
        assertRefused(misshapen, "model.norm.weight has shape [2, 16] instead of [32]");
        assertRefused(unknown, "model.extra");
        engine.submit(request("a", 2, 6, 1));
        assertThat(response(drain(engine), "a/1")).isEqualTo(expected);
        assertThat(engine.version()).isEqualTo(PolicyVersion.BASE);
    }

    private void assertRefused(List<NamedTensor> tensors, String message) {
        assertThatThrownBy(() -> engine.swap(new WeightsSnapshot(new PolicyVersion(2), tensors)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void versionsDoNotGoBack() {
        engine.swap(weights(2, 7));
        assertThatThrownBy(() -> engine.swap(weights(1, 7)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("v1")
                .hasMessageContaining("v2");
    }

    @Test
    void cancelDropsWhatWaitsAndWhatRuns() {
        engine.submit(request("kept", 2, 10, 1));
        Map<String, SampledTokens> alone = drain(engine);
        engine.submit(request("running", 3, 10, 2));
        engine.submit(request("kept", 2, 10, 1));
        engine.submit(request("waiting", 4, 10, 3));
        engine.step();
        engine.cancel("running");
        engine.cancel("waiting");
        engine.cancel("unknown");
        assertThat(engine.pending()).isEqualTo(2);
        Map<String, SampledTokens> rest = drain(engine);
        assertThat(rest.keySet()).isEqualTo(alone.keySet());
        assertThat(response(rest, "kept/1")).isEqualTo(response(alone, "kept/1"));
    }

    @Test
    void everySubmittedSampleIsReturnedOnceOrDroppedByCancel() {
        Random random = new Random(11);
        Set<String> outstanding = new HashSet<>();
        for (int i = 0; i < 120; i++) {
            if (random.nextInt(3) == 0) {
                GenerationRequest request = request("r" + i, 1 + random.nextInt(6), 1 + random.nextInt(12), i);
                engine.submit(request);
                request.sampleIndices().forEach(sample -> outstanding.add(request.id() + "/" + sample));
            }
            if (random.nextInt(10) == 0) {
                String id = "r" + random.nextInt(i + 1);
                engine.cancel(id);
                outstanding.removeIf(sample -> sample.startsWith(id + "/"));
            }
            for (String sample : ids(engine.step())) {
                assertThat(outstanding.remove(sample)).as(sample).isTrue();
            }
            assertThat(engine.pending()).isEqualTo(outstanding.size());
        }
        assertThat(drain(engine).keySet()).isEqualTo(outstanding);
    }

    @Test
    void whatCannotFitIsRejectedAndNotQueued() throws IOException {
        assertThatThrownBy(() -> engine.submit(request("long", 1, 500, 1)))
                .isInstanceOf(PromptRejectedException.class)
                .hasMessageContaining("long")
                .hasMessageContaining("response 500) of at most 512");
        assertThatThrownBy(() -> engine.submit(request("many", 7, 2, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("7 samples");
        assertThatThrownBy(() -> engine.submit(request("a", 1, 2, 1), TokenIds.of(1, TinyModel.IMAGE_TOKEN, 2)))
                .isInstanceOf(PromptRejectedException.class);
        assertThat(engine.pending()).isZero();
        try (DjlGenerationEngine small = limited(new EngineLimits(6, 256, 4096))) {
            assertThatThrownBy(() -> small.submit(request("group", 6, 60, 1)))
                    .isInstanceOf(PromptRejectedException.class)
                    .hasMessageContaining("group")
                    .hasMessageContaining("6 responses of 60) of 16");
            assertThat(small.pending()).isZero();
        }
    }

    @Test
    void aRefusedPromptLeavesTheRunningOnesAlone() {
        engine.submit(request("kept", 3, 20, 1));
        Map<String, SampledTokens> alone = drain(engine);
        engine.submit(request("kept", 3, 20, 1));
        engine.step();
        EncodedImage unreadable = EncodedImage.of(new byte[] {1, 2, 3});
        byte[] png = PICTURE.toByteArray();
        Arrays.fill(png, 16, 24, (byte) 0x3f); // width and height
        EncodedImage tooLarge = EncodedImage.of(png);
        for (EncodedImage picture : List.of(unreadable, tooLarge)) {
            Prompt prompt = new Prompt("bad", "Where?", List.of(picture));
            assertThatThrownBy(() -> engine.submit(
                            new GenerationRequest("bad", prompt, List.of(0), SamplingParams.greedy(2), 1)))
                    .isInstanceOf(PromptRejectedException.class);
            engine.step();
        }
        TokenIds mismatched = TokenIds.of(TinyModel.IMAGE_TOKEN, 2);
        assertThatThrownBy(() -> engine.submit(request("bad", 1, 2, 1), mismatched))
                .isInstanceOf(PromptRejectedException.class);
        assertThatThrownBy(() -> engine.submit(request("bad", 1, 500, 1))).isInstanceOf(PromptRejectedException.class);
        assertThat(drain(engine)).isEqualTo(alone);
    }

    /// Requests whose caches do not fit together take turns, and nothing overflows in the middle.
    @Test
    void requestsWaitUntilTheCacheHasRoomForAllOfThem() throws IOException {
        engine.submit(request("a", 2, 30, 1));
        engine.submit(request("b", 2, 30, 2));
        Map<String, SampledTokens> expected = drain(engine);
        try (DjlGenerationEngine small = limited(new EngineLimits(6, 192, 4096))) {
            small.submit(request("a", 2, 30, 1));
            small.submit(request("b", 2, 30, 2));
            assertThat(drain(small)).isEqualTo(expected);
        }
    }

    @Test
    void promptsInChunksGiveWhatWholePromptsGive() throws IOException {
        for (int i = 0; i < 3; i++) {
            engine.submit(request("r" + i, 2, 12, i));
        }
        Map<String, SampledTokens> whole = drain(engine);
        for (int prefillTokens : new int[] {1, 7, 16, 50}) {
            try (DjlGenerationEngine chunked = limited(new EngineLimits(6, 1024, prefillTokens))) {
                for (int i = 0; i < 3; i++) {
                    chunked.submit(request("r" + i, 2, 12, i));
                }
                Map<String, SampledTokens> cut = drain(chunked);
                assertThat(cut.keySet()).isEqualTo(whole.keySet());
                cut.forEach((sample, response) -> {
                    SampledTokens expected = whole.getOrDefault(sample, SampledTokens.EMPTY);
                    assertThat(response.ids()).as(sample).isEqualTo(expected.ids());
                    assertThat(response.behaviourLogProbs())
                            .containsExactly(expected.behaviourLogProbs(), within(1e-5f));
                });
            }
        }
    }

    @Test
    void runningSequencesGetATokenAStepWhileALongPromptIsComputed() throws IOException {
        ModelDirectory endless = model.withStopTokenIds(Set.of());
        WeightsSnapshot weights = new WeightsSnapshot(PolicyVersion.BASE, model.weights());
        EngineOptions options = EngineOptions.of(new EngineLimits(6, 1024, 8));
        try (DjlGenerationEngine chunked = DjlGenerationEngine.open(endless, weights, options)) {
            GenerationRequest shortOne = new GenerationRequest(
                    "short", new Prompt("short", "", List.of()), List.of(0), SamplingParams.plain(12, 1), 1);
            chunked.submit(shortOne, TokenIds.of(1, 2, 3));
            chunked.step();
            chunked.submit(request("long", 2, 30, 1));
            List<String> order = new ArrayList<>();
            int steps = 0;
            for (; order.isEmpty(); steps++) {
                order.addAll(ids(chunked.step()));
            }
            assertThat(order).containsExactly("short/0");
            assertThat(steps).isEqualTo(11); // it got its first token before
        }
    }

    @Test
    void rawLogProbsAreThoseOfTheModelWhateverIsSampledFrom() throws IOException {
        engine.submit(request("a", List.of(0, 1, 2), new SamplingParams(15, 0.6, 0.9, 20), 1));
        engine.submit(request("b", List.of(0), SamplingParams.greedy(15), 1));
        engine.submit(request("c", List.of(0), SamplingParams.plain(15, 1), 1));
        try (DjlTrainablePolicy policy = DjlTrainablePolicy.open(folder, TrainingOptions.DEFAULT)) {
            TokenIds prompt = policy.tokenize(request("a", 1, 1, 1).prompt());
            drain(engine).forEach((sample, response) -> {
                TrainingRow row = new TrainingRow(prompt, List.of(PICTURE), List.of(response.ids()));
                float[] scored = policy.score(List.of(row), ParameterSet.TARGET)
                        .getFirst()
                        .logProbs();
                assertThat(response.rawLogProbs()).as(sample).containsExactly(scored, within(1e-4f));
                float furthest = 0;
                for (int i = 0; i < scored.length; i++) {
                    furthest = Math.max(furthest, Math.abs(response.rawLogProbs()[i] - response.behaviourLogProb(i)));
                }
                assertThat(furthest > 1e-5f).as(sample).isEqualTo(sample.startsWith("a"));
            });
        }
    }

    @Test
    void promptsAsTokensGiveWhatPromptsAsTextGive() throws IOException {
        engine.submit(request("a", 2, 8, 1));
        Map<String, SampledTokens> fromText = drain(engine);
        try (DjlTrainablePolicy policy = DjlTrainablePolicy.open(folder, TrainingOptions.DEFAULT)) {
            engine.submit(
                    request("a", 2, 8, 1), policy.tokenize(request("a", 1, 1, 1).prompt()));
        }
        assertThat(drain(engine)).isEqualTo(fromText);
    }

    @Test
    void tokensAreSampledAsOftenAsTheirProbabilitySays() throws IOException {
        double[] probability = nextTokenProbabilities();
        int[] count = new int[TinyModel.VOCABULARY];
        int total = 6000;
        try (DjlGenerationEngine wide = reopened(200)) {
            for (int seed = 0; seed < total / 200; seed++) {
                wide.submit(request("r" + seed, 200, 1, seed));
            }
            drain(wide).values().forEach(response -> count[response.ids().get(0)]++);
        }
        double chiSquare = 0;
        int bins = 0;
        for (int id = 0; id < count.length; id++) {
            double expected = total * probability[id];
            if (expected >= 5) {
                chiSquare += (count[id] - expected) * (count[id] - expected) / expected;
                bins++;
            }
        }
        assertThat(bins).isGreaterThan(20);
        assertThat(chiSquare).isLessThan(bins + 4 * Math.sqrt(2.0 * bins)); // four deviations
    }

    private double[] nextTokenProbabilities() throws IOException {
        try (DjlTrainablePolicy policy = DjlTrainablePolicy.open(folder, TrainingOptions.DEFAULT)) {
            List<TokenIds> every = IntStream.range(0, TinyModel.VOCABULARY)
                    .mapToObj(TokenIds::of)
                    .toList();
            TokenIds prompt = policy.tokenize(request("a", 1, 1, 1).prompt());
            return policy.score(List.of(new TrainingRow(prompt, List.of(PICTURE), every)), ParameterSet.TARGET).stream()
                    .mapToDouble(score -> Math.exp(score.logProbs()[0]))
                    .toArray();
        }
    }

    private static TokenIds response(Map<String, SampledTokens> responses, String sample) {
        return responses.getOrDefault(sample, SampledTokens.EMPTY).ids();
    }

    private static List<String> ids(List<FinishedSequence> finished) {
        return finished.stream().map(f -> f.requestId() + "/" + f.sampleIndex()).toList();
    }
}
