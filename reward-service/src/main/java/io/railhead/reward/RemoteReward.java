package io.railhead.reward;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.actors.protocol.Score;
import io.railhead.transit.answer.AnswerKey;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/// A scoring function somewhere else, spoken to as the stand-alone reward service is: one item in, one result
/// out.
///
/// A request that fails on the way, or that the server could not serve now (429 and from 500 on), is sent again
/// under the same `Idempotency-Key`, a digest of the item, up to `attempts` times with a growing wait between.
/// A result for another item, or without a number, is a failure at once. The caller's deadline interrupts it
/// wherever it is.
final class RemoteReward implements RewardFunction {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;
    private static final int OK = 200;

    private final RewardSettings.Scorer.Remote settings;
    private final HttpClient client;

    /// @param tls this node's identity, for a function that asks for certificates
    RemoteReward(RewardSettings.Scorer.Remote settings, Optional<SSLContext> tls) {
        this.settings = settings;
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(settings.timeout()).followRedirects(HttpClient.Redirect.NEVER);
        tls.ifPresent(builder::sslContext);
        this.client = builder.build();
    }

    @Override
    public Score score(AnswerKey key, String response) {
        return score((ObjectNode) tree(key.toJson()), response);
    }

    @Override
    public Score score(OwnQuestion question, String response) {
        return score((ObjectNode) tree(question.toJson()), response);
    }

    private Score score(ObjectNode item, String response) {
        item.put("response", response);
        String id = digest(item.toString());
        item.put("id", id);
        ObjectNode request = JSON.createObjectNode();
        request.putArray("items").add(item);
        try {
            return result(id, answer(request.toString(), id));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + settings.url(), e);
        }
    }

    private String answer(String body, String id) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(settings.url())
                .timeout(settings.timeout())
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", id)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!settings.token().isEmpty()) {
            request.header("Authorization", "Bearer " + settings.token());
        }
        String problem = "";
        Duration pause = settings.pause();
        for (int attempt = 1; attempt <= settings.attempts(); attempt++) {
            if (attempt > 1) {
                waitFor(pause);
                pause = pause.multipliedBy(2);
            }
            try {
                HttpResponse<String> response =
                        client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
                if (response.statusCode() == OK) {
                    return response.body();
                }
                problem = "status " + response.statusCode();
                if (response.statusCode() != TOO_MANY_REQUESTS && response.statusCode() < SERVER_ERROR) {
                    break; // the same request will be refused again
                }
            } catch (IOException e) {
                problem = e.toString();
            }
        }
        throw new IllegalStateException("no score from " + settings.url() + ": " + problem);
    }

    private Score result(String id, String body) {
        JsonNode result = tree(body).path("results").path(0);
        if (!result.path("id").asText().equals(id)) {
            throw new IllegalStateException(
                    settings.url() + " answered for item '" + result.path("id").asText() + "', asked was " + id);
        }
        if (!result.path("score").isNumber()) {
            throw new IllegalStateException(settings.url() + " gave the score " + result.get("score"));
        }
        List<Score.Component> components = new ArrayList<>();
        for (JsonNode part : result.path("components")) {
            components.add(new Score.Component(
                    part.path("name").asText(),
                    part.path("value").asDouble(Double.NaN),
                    part.path("reason").asText()));
        }
        return new Score(
                result.get("score").doubleValue(),
                result.path("correct").asBoolean(),
                result.path("weight").asDouble(1),
                components);
    }

    private JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(settings.url() + " answered no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void waitFor(Duration pause) throws InterruptedException {
        boolean released = new Semaphore(0).tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        if (released) {
            throw new IllegalStateException("nobody releases this");
        }
    }

    private static String digest(String text) {
        try {
            byte[] sha = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
