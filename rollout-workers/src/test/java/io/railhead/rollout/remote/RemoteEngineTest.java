package io.railhead.rollout.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.policy.EmbeddedModel;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.FinishReason;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationEngine.Refusal;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TokenIds;
import io.railhead.policy.WeightsSnapshot;
import io.railhead.policy.djl.DjlTokenizer;
import io.railhead.rollout.remote.RemoteSettings.Api;
import io.railhead.rollout.remote.RemoteSettings.LogProbs;
import io.railhead.rollout.remote.ScriptedServer.Request;
import io.railhead.rollout.remote.ScriptedServer.Response;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RemoteEngineTest {
    private static final Response RELOADED = Response.ok("{\"success\": true}");
    private static final SamplingParams SAMPLING = SamplingParams.plain(8, 1);

    @TempDir
    Path folder;

    private ModelDirectory model;

    @BeforeEach
    void unpack() throws IOException {
        model = EmbeddedModel.unpack(folder.resolve("model"));
    }

    @Test
    void vllmIsAskedForEverySampleAndItsTokensComeBack() throws IOException {
        TokenIds prompt = promptTokens();
        try (var server = new ScriptedServer(request -> request.path().equals("/v1/chat/completions")
                        ? Response.ok(vllm(prompt, "[3, 4]", "-0.5", "-0.25", "stop"))
                        : RELOADED);
                RemoteEngine engine = open(server, Api.VLLM)) {
            engine.submit(request("r", 0, 2));
            assertThat(engine.pending()).isEqualTo(2);
            List<FinishedSequence> finished = all(engine, 2);
            assertThat(finished).extracting(FinishedSequence::sampleIndex).containsExactlyInAnyOrder(0, 2);
            assertThat(finished.getFirst().response())
                    .isEqualTo(SampledTokens.of(TokenIds.of(3, 4), new float[] {-0.5f, -0.25f}, new long[2]));
            assertThat(finished.getFirst().promptTokens()).isEqualTo(prompt);
            assertThat(finished.getFirst().finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(engine.pending()).isZero();

            JsonNode body = server.requests.getLast().body();
            assertThat(body.at("/messages/0/content/0/image_url/url").asText()).startsWith("data:image/png;base64,");
            assertThat(body.at("/messages/0/content/1/text").asText()).isEqualTo("Where?");
            assertThat(body.path("max_tokens").asInt()).isEqualTo(8);
            assertThat(server.requests.stream()
                            .map(asked -> asked.body().path("seed").asLong(-1))
                            .distinct())
                    .hasSize(3); // two samples, and none in the calls that reload
        }
    }

    @Test
    void sglangIsAskedInItsOwnWay() throws IOException {
        int length = promptTokens().size();
        try (var server = new ScriptedServer(
                        request -> request.path().equals("/generate") ? Response.ok(sglang(length)) : RELOADED);
                RemoteEngine engine = open(server, Api.SGLANG)) {
            engine.submit(request("r", 0));
            assertThat(all(engine, 1).getFirst().response())
                    .isEqualTo(SampledTokens.of(TokenIds.of(5, 6), new float[] {-1.5f, 0}, new long[2]));
            JsonNode body = server.requests.getLast().body();
            assertThat(body.path("text").asText()).contains("<|image_pad|>", "Where?");
            assertThat(body.path("image_data")).hasSize(1);
            assertThat(server.requests.getFirst().body().path("model_path").asText())
                    .isEqualTo(folder.resolve("served").toString());
        }
    }

    @Test
    void newWeightsWaitForWhatRunsAndAreWrittenBeforeTheServerReadsThem() throws Exception {
        TokenIds prompt = promptTokens();
        var running = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        var read = new ArrayList<Float>();
        Function<Request, Response> script = request -> switch (request.path()) {
            case "/v1/chat/completions" -> {
                running.countDown();
                await(released);
                yield Response.ok(vllm(prompt, "[3]", "-0.5", null, "length"));
            }
            case "/collective_rpc" -> {
                read.add(firstValue());
                yield RELOADED;
            }
            default -> RELOADED;
        };
        try (var server = new ScriptedServer(script);
                RemoteEngine engine = open(server, Api.VLLM)) {
            engine.submit(request("old", 0));
            engine.step();
            await(running);
            engine.swap(ones(new PolicyVersion(1)));
            engine.submit(request("new", 0));
            engine.step();
            assertThat(engine.version()).isEqualTo(PolicyVersion.BASE);
            assertThat(read).hasSize(1); // only those that it began with
            released.countDown();
            List<FinishedSequence> finished = all(engine, 2);
            assertThat(finished).extracting(FinishedSequence::requestId).containsExactly("old", "new");
            assertThat(finished)
                    .extracting(sequence -> sequence.response().behaviourVersion(0))
                    .containsExactly(PolicyVersion.BASE, new PolicyVersion(1));
            assertThat(read.getLast()).isEqualTo(1f);
            assertThat(server.paths())
                    .containsExactly(
                            "/collective_rpc",
                            "/reset_prefix_cache",
                            "/v1/chat/completions",
                            "/collective_rpc",
                            "/reset_prefix_cache",
                            "/v1/chat/completions");
        }
    }

    @Test
    void whatFailsForNowIsAskedAgain() throws IOException {
        TokenIds prompt = promptTokens();
        var asked = new AtomicInteger();
        try (var server = new ScriptedServer(request -> !request.path().startsWith("/v1")
                        ? RELOADED
                        : asked.incrementAndGet() < 3
                                ? new Response(503, "busy")
                                : Response.ok(vllm(prompt, "[3]", "-0.5", null, "stop")));
                RemoteEngine engine = open(server, Api.VLLM)) {
            engine.submit(request("r", 0));
            assertThat(all(engine, 1)).hasSize(1);
            assertThat(asked).hasValue(3);
        }
    }

    @Test
    void aServerThatKeepsFailingEndsTheEngineByName() throws IOException {
        try (var server = new ScriptedServer(
                        request -> request.path().startsWith("/v1") ? new Response(500, "out of memory") : RELOADED);
                RemoteEngine engine = open(server, Api.VLLM)) {
            engine.submit(request("r", 0));
            assertThatThrownBy(() -> all(engine, 1))
                    .isInstanceOf(RemoteFailedException.class)
                    .hasMessageContainingAll("sample 0 of r", server.url().toString(), "3 times", "out of memory");
        }
    }

    @Test
    void aPromptThatTheServerRefusesIsReportedAndDropped() throws IOException {
        try (var server = new ScriptedServer(
                        request -> request.path().startsWith("/v1") ? new Response(400, "too long") : RELOADED);
                RemoteEngine engine = open(server, Api.VLLM)) {
            engine.submit(request("r", 0));
            List<Refusal> refusals = new ArrayList<>();
            while (engine.pending() > 0) {
                engine.step();
                refusals.addAll(engine.refused());
            }
            assertThat(refusals)
                    .singleElement()
                    .satisfies(refusal -> assertThat(refusal.requestId()).isEqualTo("r"))
                    .satisfies(refusal -> assertThat(refusal.cause()).contains("too long"));
            assertThat(engine.refused()).isEmpty();
        }
    }

    @Test
    void aPromptThatTheServerSawOtherwiseIsAnError() throws IOException {
        try (var server = new ScriptedServer(request -> request.path().startsWith("/v1")
                        ? Response.ok(vllm(TokenIds.of(1, 2), "[3]", "-0.5", null, "stop"))
                        : RELOADED);
                RemoteEngine engine = open(server, Api.VLLM)) {
            engine.submit(request("r", 0));
            assertThatThrownBy(() -> all(engine, 1)).hasMessageContainingAll("prompt is not the same", "[1, 2]");
        }
    }

    @Test
    void aServerThatDoesNotNameTokensIsAnError() throws IOException {
        try (var server = new ScriptedServer(
                        request -> request.path().startsWith("/v1") ? Response.ok("{\"choices\": [{}]}") : RELOADED);
                RemoteEngine engine = open(server, Api.VLLM)) {
            engine.submit(request("r", 0));
            assertThatThrownBy(() -> all(engine, 1)).hasMessageContaining("return_token_ids");
        }
    }

    @Test
    void aServerThatRefusesWeightsIsAnErrorBeforeTheFirstRequest() throws IOException {
        try (var server =
                new ScriptedServer(request -> Response.ok("{\"success\": false, \"message\": \"no room\"}"))) {
            assertThatThrownBy(() -> open(server, Api.SGLANG)).hasMessageContaining("no room");
        }
    }

    @Test
    void rawLogProbabilitiesAllowNoOtherTemperature() throws IOException {
        try (var server = new ScriptedServer(_ -> RELOADED);
                RemoteEngine engine = open(server, Api.VLLM)) {
            Prompt prompt = prompt();
            assertThatThrownBy(() -> engine.submit(
                            new GenerationRequest("r", prompt, List.of(0), SamplingParams.plain(8, 0.7), 1)))
                    .hasMessageContaining("log-probs");
        }
    }

    @Test
    void cancelledSamplesAreNotReturned() throws Exception {
        var running = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        try (var server = new ScriptedServer(request -> {
                    if (request.path().startsWith("/v1")) {
                        running.countDown();
                        await(never);
                    }
                    return RELOADED;
                });
                RemoteEngine engine = open(server, Api.VLLM)) {
            engine.submit(request("r", 0, 1, 2, 3)); // of which two run
            engine.step();
            await(running);
            engine.cancel("r");
            assertThat(engine.pending()).isZero();
            assertThat(engine.step()).isEmpty();
            never.countDown();
        }
    }

    private RemoteEngine open(ScriptedServer server, Api api) throws IOException {
        RemoteSettings settings = new RemoteSettings(
                server.url(),
                api,
                "policy",
                "",
                LogProbs.RAW,
                2,
                folder.resolve("served"),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                3,
                Duration.ofMillis(1));
        return RemoteEngine.open(settings, model, DjlTokenizer.open(model.tokenizerFile()), Optional.empty());
    }

    private static List<FinishedSequence> all(RemoteEngine engine, int count) {
        List<FinishedSequence> finished = new ArrayList<>();
        while (finished.size() < count) {
            finished.addAll(engine.step());
        }
        return finished;
    }

    private GenerationRequest request(String id, Integer... samples) throws IOException {
        return new GenerationRequest(id, prompt(), List.of(samples), SAMPLING, 1);
    }

    private static Prompt prompt() throws IOException {
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(224, 224, BufferedImage.TYPE_INT_RGB), "png", bytes);
        return new Prompt("p", "Where?", List.of(EncodedImage.of(bytes.toByteArray())));
    }

    private TokenIds promptTokens() throws IOException {
        try (DjlTokenizer tokenizer = DjlTokenizer.open(model.tokenizerFile())) {
            return model.encoder(tokenizer).encode(prompt()).tokens();
        }
    }

    private WeightsSnapshot ones(PolicyVersion version) {
        try {
            return new WeightsSnapshot(
                    version,
                    model.weights().stream()
                            .map(tensor -> NamedTensor.ofFloats(tensor.name(), tensor.shape(), filled(tensor)))
                            .toList());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static float[] filled(NamedTensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.elements())];
        Arrays.fill(values, 1);
        return values;
    }

    private float firstValue() {
        try {
            NamedTensor first =
                    SafetensorsFile.readModel(folder.resolve("served")).getFirst();
            return first.type() == NamedTensor.ElementType.F32 ? first.floats()[0] : Float.NaN; // the base is in bf16
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String vllm(TokenIds prompt, String ids, String first, @Nullable String second, String reason) {
        ObjectNode body = Dialect.JSON.createObjectNode();
        prompt.stream().forEach(body.withArray("/prompt_token_ids")::add);
        String content =
                "{\"logprob\": %s}".formatted(first) + (second == null ? "" : ", {\"logprob\": %s}".formatted(second));
        return """
                {"prompt_token_ids": %s, "choices": [{"token_ids": %s, "finish_reason": "%s",
                 "logprobs": {"content": [%s]}}]}
                """.formatted(body.get("prompt_token_ids"), ids, reason, content);
    }

    private static String sglang(int promptLength) {
        return """
                {"text": "x", "meta_info": {"prompt_tokens": %d, "finish_reason": {"type": "stop", "matched": 1},
                 "output_token_logprobs": [[-1.5, 5, "a"], [0.0000001, 6, "b"]]}}
                """.formatted(promptLength);
    }
}
