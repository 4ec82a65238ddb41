package io.railhead.app.status;

import io.railhead.app.live.LiveApi;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/// What there is to `GET`, and nothing else. Nothing is read from a request here but its method and path; what the live
/// page reads besides is said there.
///
/// | path | answers | on |
/// |---|---|---|
/// | `/health/live` | 200, or 503 if the node's actors do not answer in time | both ports |
/// | `/health/ready` | 200, or 503 with why the node does not do its part | both ports |
/// | `/status` | [NodeStatus] as JSON | the main port |
/// | `/metrics` | [NodeMetrics] | the main port |
/// | `/`, `/live`, `/api/...` | [LiveApi] | the main port |
final class StatusApi {
    private static final ContentType METRICS =
            ContentTypes.parse("text/plain; version=0.0.4; charset=UTF-8"); // of Prometheus' text format

    private record Live(boolean live) {}

    private record Ready(boolean ready, List<String> notReady) {}

    private final StatusReader reader;
    private final LiveApi live;
    private final ActorSystem<?> system;

    StatusApi(StatusReader reader, LiveApi live, ActorSystem<?> system) {
        this.reader = reader;
        this.live = live;
        this.system = system;
    }

    /// Of the main port. Always answers: a failure is a response too.
    CompletionStage<HttpResponse> answer(HttpRequest request) {
        return switch (request.getUri().path()) {
            case "/status" -> get(request, reader::status, status -> json(200, status));
            case "/metrics" -> get(request, reader::status, status -> response(200, METRICS, NodeMetrics.text(status)));
            case String _ -> live.answer(request).orElseGet(() -> health(request));
        };
    }

    /// Of the port for probes.
    CompletionStage<HttpResponse> health(HttpRequest request) {
        return switch (request.getUri().path()) {
            case "/health/live" -> get(request, reader::alive, _ -> json(200, new Live(true)));
            case "/health/ready" ->
                get(
                        request,
                        reader::status,
                        status -> json(status.ready() ? 200 : 503, new Ready(status.ready(), status.notReady())));
            case String _ -> refused(request, response(404, ContentTypes.TEXT_PLAIN_UTF8, "there is nothing here\n"));
        };
    }

    private <T> CompletionStage<HttpResponse> get(
            HttpRequest request, Supplier<CompletionStage<T>> question, Function<T, HttpResponse> answer) {
        if (!request.method().equals(HttpMethods.GET)) {
            return refused(
                    request,
                    response(405, ContentTypes.TEXT_PLAIN_UTF8, "only GET is taken\n")
                            .addHeader(RawHeader.create("Allow", "GET")));
        }
        request.discardEntityBytes(system);
        return question.get().handle((heard, failure) -> failure == null ? answer.apply(heard) : silent());
    }

    private CompletionStage<HttpResponse> refused(HttpRequest request, HttpResponse response) {
        request.discardEntityBytes(system);
        return CompletableFuture.completedStage(response);
    }

    private static HttpResponse silent() {
        return json(503, new Live(false));
    }

    private static HttpResponse json(int status, Object body) {
        return response(status, ContentTypes.APPLICATION_JSON, StatusJson.of(body));
    }

    private static HttpResponse response(int status, ContentType type, String body) {
        return HttpResponse.create().withStatus(status).withEntity(type, body.getBytes(StandardCharsets.UTF_8));
    }
}
