package io.railhead.app.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;

/// An HTTP client that waits for what it wants to hear.
public record Asker(HttpClient client) {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final JsonMapper JSON = new JsonMapper();

    public static Asker plain() {
        return new Asker(HttpClient.newHttpClient());
    }

    public static Asker with(SSLContext tls) {
        return new Asker(HttpClient.newBuilder().sslContext(tls).build());
    }

    public HttpResponse<String> send(String method, URI base, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(PATIENCE)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> get(URI base, String path) throws IOException, InterruptedException {
        return send("GET", base, path);
    }

    public JsonNode status(URI base) throws IOException, InterruptedException {
        return JSON.readTree(get(base, "/status").body());
    }

    /// Asks again until the answer is as wanted; after the deadline it returns what it heard last.
    public HttpResponse<String> until(URI base, String path, Predicate<HttpResponse<String>> wanted)
            throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        HttpResponse<String> heard = get(base, path);
        while (!wanted.test(heard) && Instant.now().isBefore(deadline)) {
            new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
            heard = get(base, path);
        }
        return heard;
    }

    public JsonNode statusUntil(URI base, Predicate<JsonNode> wanted) throws IOException, InterruptedException {
        return parsed(until(base, "/status", response -> wanted.test(parsed(response))));
    }

    private static JsonNode parsed(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
