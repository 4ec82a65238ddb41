package io.railhead.reward.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.actors.protocol.Score;
import io.railhead.reward.ScoreItems;
import io.railhead.reward.ScoreItems.Item;
import io.railhead.transit.InvalidDataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/// HTTP with JSON. `POST /v1/score` scores; `GET /openapi.json` describes; `GET /health` and `GET /metrics` are for
/// operators. `/health` and `/openapi.json` need no token.
final class HttpApi {
    static final String DOOR = "http";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String OPEN_API = "openapi.json";

    private final ServiceSettings settings;
    private final ScoreItems items;
    private final BatchScorer scorer;
    private final ServiceMetrics metrics;
    private final Token token;
    private final ActorSystem<Void> system;
    private final byte[] openApi = resource(OPEN_API);

    HttpApi(
            ServiceSettings settings,
            ScoreItems items,
            BatchScorer scorer,
            ServiceMetrics metrics,
            ActorSystem<Void> system) {
        this.settings = settings;
        this.items = items;
        this.scorer = scorer;
        this.metrics = metrics;
        this.token = new Token(settings.token());
        this.system = system;
    }

    /// Always answers: a failure is a response too.
    CompletionStage<HttpResponse> answer(HttpRequest request) {
        String path = request.getUri().path();
        return switch (path) {
            case "/v1/score" -> only(HttpMethods.POST, request, () -> scored(request));
            case "/openapi.json" ->
                only(HttpMethods.GET, request, () -> done(response(200, ContentTypes.APPLICATION_JSON, openApi)));
            case "/health" -> only(HttpMethods.GET, request, () -> done(json(200, "{\"status\":\"up\"}")));
            case "/metrics" -> only(HttpMethods.GET, request, () -> metrics(request));
            default -> refused(request, new Refusal(Refusal.Kind.UNKNOWN, "there is nothing at " + path));
        };
    }

    private interface Door {
        CompletionStage<HttpResponse> open();
    }

    private CompletionStage<HttpResponse> only(HttpMethod method, HttpRequest request, Door door) {
        if (!request.method().equals(method)) {
            return refused(
                    request,
                    new Refusal(
                            Refusal.Kind.WRONG_METHOD,
                            request.getUri().path() + " takes " + method.value() + ", not "
                                    + request.method().value()));
        }
        try {
            return door.open();
        } catch (Refusal refusal) {
            return refused(request, refusal);
        }
    }

    private CompletionStage<HttpResponse> metrics(HttpRequest request) {
        token.check(authorization(request));
        return done(response(200, ContentTypes.TEXT_PLAIN_UTF8, metrics.text().getBytes(StandardCharsets.UTF_8)));
    }

    private CompletionStage<HttpResponse> scored(HttpRequest request) {
        token.check(authorization(request));
        long start = System.nanoTime();
        return request.entity()
                .withSizeLimit(settings.maxBody())
                .toStrict(settings.deadline().toMillis(), system)
                .handle((entity, failure) -> {
                    if (failure != null) {
                        throw new Refusal(
                                Refusal.Kind.TOO_LARGE,
                                "the body must come whole within %s, with at most %d bytes"
                                        .formatted(settings.deadline(), settings.maxBody()));
                    }
                    return entity;
                })
                .thenCompose(entity -> {
                    List<Item> batch = batch(entity);
                    return scorer.score(batch).thenApply(scores -> {
                        metrics.served(DOOR, batch.size(), System.nanoTime() - start);
                        return json(200, results(batch, scores));
                    });
                })
                .exceptionally(failure -> refused(Refusal.of(failure)));
    }

    private List<Item> batch(HttpEntity.Strict entity) {
        if (entity.getData().size() > settings.maxBody()) {
            throw new Refusal(Refusal.Kind.TOO_LARGE, "at most " + settings.maxBody() + " bytes in a request");
        }
        JsonNode request;
        try {
            request = JSON.readTree(entity.getData().toArrayUnsafe());
        } catch (JsonProcessingException e) {
            throw new Refusal(Refusal.Kind.MALFORMED, "not JSON: " + e.getOriginalMessage());
        } catch (IOException e) { // it begins like UTF-16 or UTF-32, and then is not
            throw new Refusal(Refusal.Kind.MALFORMED, "not JSON: " + e.getMessage());
        }
        JsonNode list = request.path("items");
        for (String field : (Iterable<String>) request::fieldNames) {
            if (!field.equals("items")) {
                throw new Refusal(
                        Refusal.Kind.MALFORMED, "a request has `items` and nothing else, not `" + field + "`");
            }
        }
        if (!list.isArray()) {
            throw new Refusal(Refusal.Kind.MALFORMED, "a request is an object with a list `items`");
        }
        if (list.size() > settings.maxItems()) {
            throw new Refusal(
                    Refusal.Kind.TOO_LARGE, list.size() + " items, at most " + settings.maxItems() + " in a request");
        }
        return read(list);
    }

    private List<Item> read(JsonNode list) {
        List<Item> batch = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            try {
                batch.add(items.read(list.get(i)));
            } catch (InvalidDataException e) {
                throw new Refusal(Refusal.Kind.MALFORMED, "items[" + i + "]: " + e.getMessage());
            }
        }
        return batch;
    }

    private static String results(List<Item> batch, List<Score> scores) {
        ObjectNode reply = JSON.createObjectNode();
        ArrayNode results = reply.putArray("results");
        for (int i = 0; i < batch.size(); i++) {
            Score score = scores.get(i);
            ObjectNode result = results.addObject();
            result.set("id", batch.get(i).id());
            result.put("score", score.reward()).put("correct", score.correct()).put("weight", score.weight());
            ArrayNode components = result.putArray("components");
            for (Score.Component part : score.components()) {
                components
                        .addObject()
                        .put("name", part.name())
                        .put("value", part.value())
                        .put("reason", part.reason());
            }
        }
        return reply.toString();
    }

    private CompletionStage<HttpResponse> refused(HttpRequest request, Refusal refusal) {
        request.discardEntityBytes(system);
        return done(refused(refusal));
    }

    private HttpResponse refused(Refusal refusal) {
        metrics.refused(DOOR, refusal.kind());
        ObjectNode body = JSON.createObjectNode();
        body.putObject("error")
                .put("kind", refusal.kind().name().toLowerCase(Locale.ROOT))
                .put("message", refusal.said());
        return json(refusal.kind().http(), body.toString());
    }

    private static @Nullable String authorization(HttpRequest request) {
        return request.getHeader("Authorization").map(HttpHeader::value).orElse(null);
    }

    private static CompletionStage<HttpResponse> done(HttpResponse response) {
        return CompletableFuture.completedStage(response);
    }

    private static HttpResponse json(int status, String body) {
        return response(status, ContentTypes.APPLICATION_JSON, body.getBytes(StandardCharsets.UTF_8));
    }

    private static HttpResponse response(int status, ContentType type, byte[] body) {
        return HttpResponse.create().withStatus(status).withEntity(type, body);
    }

    private static byte[] resource(String name) {
        try (InputStream in = Objects.requireNonNull(HttpApi.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the resource " + name + " cannot be read", e);
        }
    }
}
