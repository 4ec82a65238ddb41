package io.railhead.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import io.railhead.actors.protocol.Score;
import io.railhead.transit.Difficulty;
import io.railhead.transit.QuestionType;
import io.railhead.transit.answer.AnswerKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RemoteRewardTest {
    private static final AnswerKey KEY = Singapore.shortAnswer(QuestionType.TORF1, 1, Difficulty.EASY);

    private final List<Integer> statuses = new CopyOnWriteArrayList<>();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private volatile String result = "{\"results\":[{\"id\":\"ID\",\"score\":1.5,\"correct\":true,\"weight\":1.0,"
            + "\"components\":[{\"name\":\"format\",\"value\":1.5,\"reason\":\"so\"}]}]}";
    private HttpServer server;

    /// Answers with each status once, then with 200.
    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/score", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String id = new JsonMapper().readTree(body).at("/items/0/id").asText();
            seen.add(exchange.getRequestHeaders().getFirst("Idempotency-Key") + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            int status = statuses.isEmpty() ? 200 : statuses.removeFirst();
            byte[] answer = result.replace("ID", id).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void takesTheScoreOfTheItem() {
        assertThat(remote().score(KEY, "yes"))
                .isEqualTo(new Score(1.5, true, 1, List.of(new Score.Component("format", 1.5, "so"))));
    }

    @Test
    void triesAgainUnderTheSameKey() {
        statuses.addAll(List.of(503, 429));
        assertThat(remote().score(KEY, "yes").reward()).isEqualTo(1.5);
        assertThat(seen).hasSize(3);
        assertThat(Map.copyOf(seen.stream().collect(java.util.stream.Collectors.groupingBy(s -> s))))
                .hasSize(1);
        assertThat(seen.getFirst()).endsWith(" Bearer secret");
        remote().score(KEY, "no");
        assertThat(seen.getLast()).isNotEqualTo(seen.getFirst());
    }

    @Test
    void givesUpAfterItsAttemptsAndAtOnceWhereAnotherIsOfNoUse() {
        statuses.addAll(List.of(500, 500, 500));
        assertThatThrownBy(() -> remote().score(KEY, "yes")).hasMessageContaining("status 500");
        assertThat(seen).hasSize(3);
        statuses.add(400);
        assertThatThrownBy(() -> remote().score(KEY, "yes")).hasMessageContaining("status 400");
        assertThat(seen).hasSize(4);
    }

    @Test
    void doesNotBelieveWhatIsNoScoreOfThisItem() {
        Map.of(
                        "{\"results\":[{\"id\":\"other\",\"score\":1}]}", "answered for item 'other'",
                        "{\"results\":[]}", "answered for item ''",
                        "{\"results\":[{\"id\":\"ID\",\"score\":\"NaN\"}]}", "gave the score \"NaN\"",
                        "{\"results\":[{\"id\":\"ID\",\"score\":1e999}]}", "a reward is finite: Infinity",
                        "<html>", "answered no JSON")
                .forEach((answer, complaint) -> {
                    result = answer;
                    assertThatThrownBy(() -> remote().score(KEY, "yes"))
                            .as(answer)
                            .hasMessageContaining(complaint);
                });
    }

    @Test
    void namesAServerThatIsNotThere() {
        server.stop(0);
        assertThatThrownBy(() -> remote().score(KEY, "yes")).hasMessageContaining("ConnectException");
    }

    private RewardFunction remote() {
        return new RemoteReward(
                new RewardSettings.Scorer.Remote(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/score"),
                        3,
                        Duration.ofSeconds(5),
                        Duration.ofMillis(5),
                        "secret",
                        1000),
                Optional.empty());
    }
}
