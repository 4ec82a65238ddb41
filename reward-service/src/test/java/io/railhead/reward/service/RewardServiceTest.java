package io.railhead.reward.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.typesafe.config.ConfigFactory;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.railhead.actors.protocol.Score;
import io.railhead.protos.v1.RewardItem;
import io.railhead.protos.v1.RewardLine;
import io.railhead.protos.v1.RewardResult;
import io.railhead.protos.v1.RewardServiceGrpc;
import io.railhead.protos.v1.ScoreRequest;
import io.railhead.reward.RewardFunction;
import io.railhead.reward.RewardProfile;
import io.railhead.reward.RewardWeights;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RewardServiceTest {
    private static final RewardFunction REFERENCE = RewardProfile.REFERENCE.function(RewardWeights.DEFAULT);
    private static final String YES =
            "{\"id\":\"a\",\"type\":\"TorF1\",\"answer\":1,\"difficulty_city\":\"easy\",\"response\":\"\\\\boxed{yes}\"}";
    private static final String ROUTE = "{\"id\":7,\"type\":\"planning\",\"station_1\":\"A\",\"station_2\":\"B\","
            + "\"difficulty_city\":\"hard\",\"question_transfer_count\":0,\"city\":\"town\",\"response\":"
            + "\"Route Name: L\\nDeparture Stop: A\\nArrival Stop: B\"}";

    @TempDir
    private Path temp;

    private final List<RewardService> running = new ArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void stopAll() throws InterruptedException {
        release.countDown();
        for (RewardService service : running) {
            service.stop();
        }
    }

    @Test
    void scoresABatchInOrder() throws IOException, InterruptedException {
        Files.createDirectories(temp.resolve("x"));
        Files.writeString(temp.resolve("x/town.json"), "{\"L\":[\"A\",\"B\"]}");
        Client client = Client.of(started(settings(""), REFERENCE));

        Client.Answer answer = client.post("/v1/score", "{\"items\":[" + YES + "," + ROUTE + "]}");

        assertThat(answer)
                .isEqualTo(new Client.Answer(
                        200,
                        "{\"results\":[{\"id\":\"a\",\"score\":10.0,\"correct\":true,\"weight\":1.0,\"components\":["
                                + "{\"name\":\"format\",\"value\":0.0,\"reason\":\"part of correctness in this profile\"},"
                                + "{\"name\":\"correctness\",\"value\":10.0,\"reason\":\"says 'yes'\"}]},"
                                + "{\"id\":7,\"score\":15.75,\"correct\":true,\"weight\":1.5,\"components\":["
                                + "{\"name\":\"format\",\"value\":0.0,\"reason\":\"part of correctness in this profile\"},"
                                + "{\"name\":\"correctness\",\"value\":10.0,\"reason\":\"the route leads there\"},"
                                + "{\"name\":\"detail/endpoints\",\"value\":1.0,\"reason\":\"both right\"},"
                                + "{\"name\":\"detail/segments\",\"value\":-2.5,"
                                + "\"reason\":\"5 for each beyond the transfer count\"},"
                                + "{\"name\":\"detail/lines\",\"value\":2.0,\"reason\":\"by name\"},"
                                + "{\"name\":\"detail/transfers\",\"value\":0.0,"
                                + "\"reason\":\"1 for each that is joined on the line\"}]}]}"));
    }

    @Test
    void saysWhatIsWrongWithARequest() throws IOException, InterruptedException {
        Client client = Client.of(started(settings("max-items = 2, max-body = 1000"), REFERENCE));
        refused(client.post("/v1/score", "{"), 400, "malformed", "not JSON");
        refused(client.post("/v1/score", "{}"), 400, "malformed", "a list `items`");
        refused(client.post("/v1/score", "{\"profile\":1,\"items\":[]}"), 400, "malformed", "not `profile`");
        refused(client.post("/v1/score", "{\"items\":[" + YES + ",3]}"), 400, "malformed", "items[1]: an item is");
        refused(client.post("/v1/score", "{\"items\":[{}]}"), 400, "malformed", "items[0]: id is missing");
        refused(client.post("/v1/score", "{\"items\":[1,2,3]}"), 413, "too_large", "3 items, at most 2");
        refused(client.post("/v1/score", " ".repeat(1001)), 413, "too_large", "1000 bytes");
        refused(client.get("/v1/score"), 405, "wrong_method", "takes POST, not GET");
        refused(client.get("/v2"), 404, "unknown", "nothing at /v2");
    }

    @Test
    void servesItsDescriptionItsHealthAndItsMetrics() throws IOException, InterruptedException {
        Client client = Client.of(started(settings(""), REFERENCE));
        client.post("/v1/score", "{\"items\":[" + YES + "," + YES + "]}");
        client.post("/v1/score", "{");

        assertThat(client.get("/openapi.json")
                        .json()
                        .at("/paths/~1v1~1score/post/operationId")
                        .asText())
                .isEqualTo("score");
        assertThat(client.get("/health")).isEqualTo(new Client.Answer(200, "{\"status\":\"up\"}"));
        assertThat(client.get("/metrics").body())
                .contains("railhead_reward_requests_total{door=\"http\",outcome=\"ok\"} 1\n")
                .contains("railhead_reward_requests_total{door=\"http\",outcome=\"malformed\"} 1\n")
                .contains("railhead_reward_items_total 2\n")
                .contains("railhead_reward_requests_at_work 0\n")
                .contains("railhead_reward_seconds_bucket{le=\"+Inf\"} 1\n");
    }

    @Test
    void asksForItsToken() throws IOException, InterruptedException {
        RewardService service = started(settings("token = open-sesame, grpc-port = 0"), REFERENCE);
        Client client = Client.of(service);
        refused(client.post("/v1/score", "{\"items\":[]}"), 401, "unauthorised", "Authorization");
        refused(client.withToken("open").get("/metrics"), 401, "unauthorised", "Authorization");
        assertThat(client.withToken("open-sesame").post("/v1/score", "{\"items\":[]}"))
                .isEqualTo(new Client.Answer(200, "{\"results\":[]}"));
        assertThat(client.get("/health").status()).isEqualTo(200);
        assertThatThrownBy(() -> overGrpc(service, Optional.empty()))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("UNAUTHENTICATED");
        assertThat(overGrpc(service, Optional.of("open-sesame"))).hasSize(2);
    }

    @Test
    void scoresTheSameOverGrpc() throws InterruptedException {
        RewardService service = started(settings("grpc-port = 0, max-items = 2"), REFERENCE);
        assertThat(overGrpc(service, Optional.empty()))
                .extracting(RewardResult::getId, RewardResult::getScore, RewardResult::getCorrect)
                .containsExactly(tuple("a", 10.0, true), tuple("b", 15.75, true));
        ManagedChannel channel = channel(service);
        try {
            assertThatThrownBy(() -> RewardServiceGrpc.newBlockingStub(channel)
                            .score(ScoreRequest.newBuilder()
                                    .addItems(RewardItem.newBuilder().setId("c").setType("nonsense"))
                                    .build()))
                    .isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
                        assertThat(e).hasMessageContaining("items[0]: type: question type 'nonsense'");
                    });
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void aFunctionThatFailsOrHangsCostsItsRequestOnly() throws IOException, InterruptedException {
        RewardFunction moody = (key, response) -> switch (response) {
            case "crash" -> throw new IllegalStateException("cannot");
            case "overflow" -> throw new StackOverflowError();
            case "hang" -> {
                hold();
                yield new Score(0, false, 1, List.of());
            }
            default -> new Score(1, true, 1, List.of());
        };
        Client client = Client.of(started(settings("deadline = 300ms, max-requests = 1"), moody));
        refused(client.post("/v1/score", items("crash")), 500, "failed", "items[0]: no score");
        refused(client.post("/v1/score", items("overflow")), 500, "failed", "StackOverflowError");
        CompletableFuture<Client.Answer> hanging = CompletableFuture.supplyAsync(() -> posted(client, items("hang")));
        refused(hanging.join(), 504, "late", "no scores within PT0.3S");
    }

    @Test
    void refusesMoreRequestsAtOnceThanItMay() throws IOException, InterruptedException {
        CountDownLatch atWork = new CountDownLatch(1);
        RewardFunction slow = (_, _) -> {
            atWork.countDown();
            hold();
            return new Score(1, true, 1, List.of());
        };
        Client client = Client.of(started(settings("max-requests = 1"), slow));
        CompletableFuture<Client.Answer> first = CompletableFuture.supplyAsync(() -> posted(client, items("x")));
        assertThat(atWork.await(20, TimeUnit.SECONDS)).isTrue();
        refused(client.post("/v1/score", items("y")), 429, "busy", "1 requests are being scored");
        release.countDown();
        assertThat(first.join().status()).isEqualTo(200);
        assertThat(client.post("/v1/score", items("z")).status()).isEqualTo(200);
    }

    @Test
    void asksForCertificatesOfItsClients() throws IOException, InterruptedException, GeneralSecurityException {
        PemPair server = PemPair.in(temp, "server");
        PemPair known = PemPair.in(temp, "client");
        PemPair stranger = PemPair.in(Files.createDirectory(temp.resolve("other")), "server");
        RewardService service = started(
                settings("tls { certificate = \"%s\", key = \"%s\", client-ca = \"%s\" }"
                        .formatted(server.certificate(), server.key(), known.certificate())),
                REFERENCE);
        assertThat(service.address().getScheme()).isEqualTo("https");
        assertThat(Client.overTls(service, server, Optional.of(known))
                        .get("/health")
                        .status())
                .isEqualTo(200);
        assertThatThrownBy(
                        () -> Client.overTls(service, server, Optional.empty()).get("/health"))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(HttpTimeoutException.class);
        assertThatThrownBy(() ->
                        Client.overTls(service, stranger, Optional.of(known)).get("/health"))
                .isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void namesAPortThatIsTakenAndLeavesNothingRunning() throws IOException, InterruptedException {
        RewardService first = started(settings("grpc-port = 0"), REFERENCE);
        int taken = first.address().getPort();
        assertThatThrownBy(() -> started(settings("port = " + taken), REFERENCE))
                .isInstanceOf(ServiceStartException.class)
                .hasMessageContaining("port " + taken + " of 127.0.0.1 cannot be used");
        int grpc = first.grpcPort().orElseThrow();
        assertThatThrownBy(() -> started(settings("grpc-port = " + grpc), REFERENCE))
                .isInstanceOf(ServiceStartException.class)
                .hasMessageContaining("port " + grpc);
        assertThat(Client.of(first).get("/health").status()).isEqualTo(200);
    }

    @Test
    void namesATlsFileThatIsMissingOrNotWhatItShouldBe() throws IOException {
        Path empty = Files.writeString(temp.resolve("empty.pem"), "");
        assertThatThrownBy(() -> started(tls("/nowhere/c.pem", "/nowhere/k.pem"), REFERENCE))
                .isInstanceOf(ServiceStartException.class)
                .hasMessage("no such file: /nowhere/k.pem");
        assertThatThrownBy(() -> started(tls("/nowhere/c.pem", empty.toString()), REFERENCE))
                .hasMessage(empty + " holds no private key in PEM form, PKCS#8 without a password");
    }

    @Test
    void readsItsDefaults() {
        assertThat(ServiceSettings.from(ConfigFactory.load()))
                .isEqualTo(new ServiceSettings(
                        "127.0.0.1",
                        8087,
                        Optional.empty(),
                        8 << 20,
                        1024,
                        64,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        Optional.empty(),
                        Optional.empty()));
        assertThatThrownBy(() -> settings("tls.key = x"))
                .hasMessageContaining("railhead.reward-service.tls.key")
                .hasMessageContaining("certificate and key go together");
    }

    private void hold() {
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private RewardService started(ServiceSettings settings, RewardFunction function) throws InterruptedException {
        RewardService service = RewardService.start(settings, function, Optional.of(temp));
        running.add(service);
        return service;
    }

    private static ServiceSettings tls(String certificate, String key) {
        return settings("tls { certificate = \"%s\", key = \"%s\" }".formatted(certificate, key));
    }

    private static ServiceSettings settings(String keys) {
        return ServiceSettings.from(ConfigFactory.parseString("railhead.reward-service { " + keys + " }")
                .withFallback(ConfigFactory.parseString("railhead.reward-service.port = 0"))
                .withFallback(ConfigFactory.load()));
    }

    private static String items(String response) {
        return "{\"items\":[" + YES.replace("\\\\boxed{yes}", response) + "]}";
    }

    private static Client.Answer posted(Client client, String body) {
        try {
            return client.post("/v1/score", body);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void refused(Client.Answer answer, int status, String kind, String message) throws IOException {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.json().at("/error/kind").asText()).isEqualTo(kind);
        assertThat(answer.json().at("/error/message").asText()).contains(message);
    }

    private static ManagedChannel channel(RewardService service) {
        return NettyChannelBuilder.forAddress("127.0.0.1", service.grpcPort().orElseThrow())
                .usePlaintext()
                .build();
    }

    private static List<RewardResult> overGrpc(RewardService service, Optional<String> token) {
        ManagedChannel channel = channel(service);
        try {
            var stub = RewardServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
            if (token.isPresent()) {
                Metadata headers = new Metadata();
                headers.put(
                        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token.get());
                stub = stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
            }
            return stub.score(ScoreRequest.newBuilder()
                            .addItems(RewardItem.newBuilder()
                                    .setId("a")
                                    .setType("TorF1")
                                    .setAnswer(1)
                                    .setDifficultyCity("easy")
                                    .setResponse("\\boxed{yes}"))
                            .addItems(RewardItem.newBuilder()
                                    .setId("b")
                                    .setType("planning")
                                    .setStation1("A")
                                    .setStation2("B")
                                    .setQuestionTransferCount(0)
                                    .setDifficultyCity("hard")
                                    .addStations(RewardLine.newBuilder()
                                            .setName("L")
                                            .addStations("A")
                                            .addStations("B"))
                                    .setResponse("Route Name: L\nDeparture Stop: A\nArrival Stop: B"))
                            .build())
                    .getResultsList();
        } finally {
            channel.shutdownNow();
        }
    }
}
