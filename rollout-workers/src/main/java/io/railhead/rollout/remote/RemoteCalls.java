package io.railhead.rollout.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Calls of one server, each with a deadline for every attempt, and a bounded number of attempts.
final class RemoteCalls implements AutoCloseable {
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;
    private static final long LONGEST_ANSWER = 64L << 20; // bytes

    private final RemoteSettings settings;
    private final HttpClient client;

    /// How one attempt ended.
    sealed interface Attempt {}

    /// How a call ended.
    sealed interface Reply extends Attempt {}

    record Answered(JsonNode body) implements Reply {}

    /// The server will never take this request.
    record Refused(String cause) implements Reply {}

    private record Failed(String problem) implements Attempt {}

    RemoteCalls(RemoteSettings settings) {
        this.settings = settings;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /// Completes with a [RemoteFailedException] when the last attempt has failed.
    CompletableFuture<Reply> post(Dialect.Call call, Duration timeout) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(settings.url() + call.path()))
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(call.body().toString()));
        if (!settings.token().isEmpty()) {
            request.header("Authorization", "Bearer " + settings.token());
        }
        return attempt(request.build(), 1, settings.pause());
    }

    private CompletableFuture<Reply> attempt(HttpRequest request, int attempt, Duration pause) {
        return client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), LONGEST_ANSWER))
                .handle((response, failure) ->
                        failure == null ? outcome(request, response) : new Failed(String.valueOf(failure)))
                .thenCompose(outcome -> switch (outcome) {
                    case Reply reply -> CompletableFuture.completedFuture(reply);
                    case Failed(String problem) -> again(request, attempt, pause, problem);
                });
    }

    private CompletableFuture<Reply> again(HttpRequest request, int failed, Duration pause, String problem) {
        if (failed >= settings.attempts()) {
            return CompletableFuture.failedFuture(new RemoteFailedException(
                    "%s does not answer, asked %d times: %s".formatted(request.uri(), failed, problem)));
        }
        return new CompletableFuture<Boolean>()
                .completeOnTimeout(true, pause.toMillis(), TimeUnit.MILLISECONDS)
                .thenCompose(_ -> attempt(request, failed + 1, pause.multipliedBy(2)));
    }

    private static Attempt outcome(HttpRequest request, HttpResponse<String> response) {
        if (response.statusCode() == OK) {
            return new Answered(tree(request, response.body()));
        }
        return refusal(response.statusCode()) ? new Refused(problem(response)) : new Failed(problem(response));
    }

    /// The same request will be refused again.
    private static boolean refusal(int status) {
        return status >= BAD_REQUEST && status < SERVER_ERROR && status != TOO_MANY_REQUESTS;
    }

    private static String problem(HttpResponse<String> response) {
        String body = response.body();
        return "status " + response.statusCode() + ": " + body.substring(0, Math.min(body.length(), 500));
    }

    /// An empty answer counts as an empty object: some calls have nothing to say.
    private static JsonNode tree(HttpRequest request, String body) {
        try {
            return Dialect.JSON.readTree(body.isBlank() ? "{}" : body);
        } catch (JsonProcessingException e) {
            throw new RemoteFailedException(request.uri() + " answered no JSON: " + e.getOriginalMessage(), e);
        }
    }

    /// Ends the calls under way.
    @Override
    public void close() {
        client.shutdownNow();
    }
}
