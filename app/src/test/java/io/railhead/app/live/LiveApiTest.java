package io.railhead.app.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.railhead.app.status.Asker;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The page and its questions over a real port.
@Timeout(60)
class LiveApiTest {
    private static final int LISTENERS = 2;
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path runs;

    private final Asker asker = Asker.plain();
    private Path run;
    private ServedPage served;
    private URI page;

    @BeforeEach
    void start() throws Exception {
        run = runs.resolve("this-run");
        Files.createDirectories(run);
        Files.writeString(run.resolve("config.conf"), "railhead {}");
        Files.writeString(run.resolve("metrics.jsonl"), lines(1, 3));
        served = ServedPage.of(Optional.of(run), LISTENERS, () -> "{\"node\":\"here\"}");
        page = served.address();
    }

    @AfterEach
    void stop() throws Exception {
        served.close();
    }

    @Test
    void thePageLoadsNothingButItsOwnFiles() throws Exception {
        HttpResponse<String> index = asker.get(page, "/");
        assertThat(index.statusCode()).isEqualTo(200);
        assertThat(index.headers().firstValue("Content-Type")).hasValue("text/html; charset=UTF-8");
        assertThat(index.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains("default-src 'none'", "script-src 'self'")
                        .doesNotContain("unsafe"));
        assertThat(index.body()).doesNotContain("http://", "https://", "style=", " onclick", "<script>");
        for (String script : List.of("live.js", "plot.js", "steps.js", "status.js", "samples.js", "dom.js")) {
            HttpResponse<String> file = asker.get(page, "/live/" + script);
            assertThat(file.headers().firstValue("Content-Type")).hasValue("text/javascript; charset=UTF-8");
            assertThat(file.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(file.body()).doesNotContain("innerHTML", "eval(", "https://");
        }
        assertThat(asker.get(page, "/live/live.css").headers().firstValue("Content-Type"))
                .hasValue("text/css; charset=UTF-8");
        assertThat(asker.get(page, "/live/LiveApi.class").statusCode()).isEqualTo(404);
    }

    @Test
    void aPageThatTheBrowserHasIsNotSentAgain() throws Exception {
        String tag =
                asker.get(page, "/live/plot.js").headers().firstValue("ETag").orElseThrow();
        HttpRequest again = HttpRequest.newBuilder(page.resolve("/live/plot.js"))
                .header("If-None-Match", tag)
                .build();
        HttpResponse<String> answer = asker.client().send(again, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(304);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("ETag")).hasValue(tag);
    }

    @Test
    void takesHeadForThePageAndGetForTheRest() throws Exception {
        HttpResponse<String> head = asker.send("HEAD", page, "/");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        HttpResponse<String> post = asker.send("POST", page, "/");
        assertThat(post.statusCode()).isEqualTo(405);
        assertThat(post.headers().firstValue("Allow")).hasValue("GET, HEAD");
        for (String path : List.of("/live", "/api/run", "/api/metrics", "/api/samples", "/api/picture")) {
            assertThat(asker.send("DELETE", page, path).statusCode()).isEqualTo(405);
        }
    }

    @Test
    void metricsComeFromALineOn() throws Exception {
        JsonNode first = json("/api/metrics");
        assertThat(first.path("steps")).hasSize(3);
        assertThat(first.path("reset").asBoolean()).isFalse();
        append(lines(4, 5));
        JsonNode more = json(
                "/api/metrics?from=3&generation=" + first.path("generation").asLong());
        assertThat(more.path("generation")).isEqualTo(first.path("generation"));
        assertThat(more.path("steps").findValuesAsText("version")).containsExactly("4", "5");
        assertThat(more.path("next").asInt()).isEqualTo(5);
        assertThat(json("/api/metrics?from=99").path("steps")).isEmpty();
    }

    @Test
    void aFileThatAResumeShortenedIsAnotherGeneration() throws Exception {
        long before = json("/api/metrics").path("generation").asLong();
        Files.writeString(run.resolve("metrics.jsonl"), lines(1, 2));
        append(lines(30, 34));
        JsonNode after = json("/api/metrics?from=3&generation=" + before);
        assertThat(after.path("reset").asBoolean()).isTrue();
        assertThat(after.path("generation").asLong()).isGreaterThan(before);
        assertThat(after.path("steps").findValuesAsText("version"))
                .containsExactly("1", "2", "30", "31", "32", "33", "34");
    }

    @Test
    void anAnswerIsBounded() throws Exception {
        append(lines(4, 2000));
        JsonNode page1 = json("/api/metrics");
        assertThat(page1.path("steps")).hasSize(MetricsFile.MOST_LINES);
        assertThat(page1.path("more").asBoolean()).isTrue();
        assertThat(page1.path("lines").asInt()).isEqualTo(2000);
        assertThat(json("/api/metrics?from=1900").path("more").asBoolean()).isFalse();
    }

    @Test
    void aLineThatIsStillWrittenIsNotThereYet() throws Exception {
        append("{\"version\":4,\"sta");
        assertThat(json("/api/metrics").path("steps")).hasSize(3);
        append("ge\":\"one\"}\n");
        assertThat(json("/api/metrics").path("steps")).hasSize(4);
    }

    @Test
    void aBadQueryIsRefusedByName() throws Exception {
        for (String query :
                List.of("from=-1", "from=x", "from=1&from=2", "generation=1.5", "from=9999999999999999999")) {
            HttpResponse<String> answer = asker.get(page, "/api/metrics?" + query);
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(JSON.readTree(answer.body()).path("error").asText())
                    .contains(query.substring(0, query.indexOf('=')));
        }
        assertThat(asker.get(page, "/api/metrics?form=1").body()).contains("'form'");
        assertThat(asker.get(page, "/api/samples?step=a").statusCode()).isEqualTo(400);
        assertThat(asker.get(page, "/live?from=1").statusCode()).isEqualTo(400);
        assertThat(asker.get(page, "/api/picture").body()).contains("sha256");
    }

    @Test
    void onlyRunsBesideThisOneCanBeCompared() throws Exception {
        Path other = Files.createDirectories(runs.resolve("other.run"));
        Files.writeString(other.resolve("config.conf"), "railhead {}");
        Files.writeString(other.resolve("metrics.jsonl"), lines(1, 7));
        Files.createDirectories(runs.resolve("no-run"));
        Path away = Files.createDirectories(runs.resolve("deep/run"));
        Files.writeString(away.resolve("config.conf"), "railhead {}");
        Files.createSymbolicLink(runs.resolve("link"), other);

        assertThat(json("/api/run").path("siblings")).hasSize(1);
        assertThat(json("/api/run").at("/siblings/0").asText()).isEqualTo("other.run");
        assertThat(json("/api/metrics?run=other.run").path("steps")).hasSize(7);
        assertThat(json("/api/metrics?run=this-run").path("steps")).hasSize(3);
        for (String name : List.of("no-run", "link", "deep%2Frun", "..", ".", "..%2Fother.run", "%2Fetc", "x%00", "")) {
            assertThat(asker.get(page, "/api/metrics?run=" + name).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aNodeWithoutARunSaysSo() throws Exception {
        try (ServedPage bare = ServedPage.of(Optional.empty(), LISTENERS, () -> "{}")) {
            for (String path : List.of("/api/run", "/api/metrics", "/api/samples", "/api/picture?sha256=a")) {
                HttpResponse<String> answer = asker.get(bare.address(), path);
                assertThat(answer.statusCode()).isEqualTo(404);
                assertThat(JSON.readTree(answer.body()).path("error").asText()).contains("no run directory");
            }
            assertThat(asker.get(bare.address(), "/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void listenersHearStatusNewStepsAndHeartbeats() throws Exception {
        try (BufferedReader news = listen()) {
            assertThat(news.readLine()).isEqualTo(":");
            until(news, "event: status");
            assertThat(news.readLine()).isEqualTo("data: {\"node\":\"here\"}");
            until(news, "event: metrics");
            assertThat(news.readLine()).contains("\"from\":3,\"next\":3");
            append(lines(4, 4));
            until(news, "event: metrics");
            assertThat(news.readLine()).contains("\"from\":3,\"next\":4", "\"version\":4");
            until(news, ":");
        }
    }

    @Test
    void moreListenersThanMayBeAreRefused() throws Exception {
        List<BufferedReader> open = new ArrayList<>();
        for (int i = 0; i < LISTENERS; i++) {
            open.add(listen());
        }
        assertThat(asker.get(page, "/live").statusCode()).isEqualTo(503);
        for (BufferedReader listener : open) {
            listener.close();
        }
        HttpResponse<InputStream> again = ask();
        while (again.statusCode() == 503) { // until it is noticed that they are gone
            again = ask();
        }
        again.body().close();
    }

    @Test
    void streamsEndWithTheNode() throws Exception {
        try (BufferedReader news = listen()) {
            served.api().stop();
            try (Stream<String> rest = news.lines()) {
                assertThat(rest.filter(line -> line.startsWith("event: no"))).isEmpty(); // and comes to an end
            }
        }
    }

    @Test
    void withoutAnEventLogThereIsNoSample() throws Exception {
        assertThat(asker.get(page, "/api/samples").statusCode()).isEqualTo(404);
        assertThat(asker.get(page, "/api/picture?sha256=00").statusCode()).isEqualTo(404);
    }

    private BufferedReader listen() throws Exception {
        HttpResponse<InputStream> answer = ask();
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private HttpResponse<InputStream> ask() throws Exception {
        return asker.client()
                .send(HttpRequest.newBuilder(page.resolve("/live")).build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private static void until(BufferedReader news, String wanted) throws Exception {
        for (String line = news.readLine(); !wanted.equals(line); line = news.readLine()) {
            assertThat(line).isNotNull();
        }
    }

    private JsonNode json(String path) throws Exception {
        HttpResponse<String> answer = asker.get(page, path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private void append(String text) throws Exception {
        Files.writeString(run.resolve("metrics.jsonl"), text, StandardOpenOption.APPEND);
    }

    private static String lines(int first, int last) {
        StringBuilder lines = new StringBuilder();
        for (int version = first; version <= last; version++) {
            lines.append("{\"version\":%d,\"time\":\"2026-01-01T00:00:00Z\",\"stage\":\"one\"}\n".formatted(version));
        }
        return lines.toString();
    }
}
