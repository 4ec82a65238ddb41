package io.railhead.app.fuzz;

import com.typesafe.config.ConfigFactory;
import io.railhead.reward.RewardProfile;
import io.railhead.reward.RewardWeights;
import io.railhead.reward.service.RewardService;
import io.railhead.reward.service.ServiceSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What strangers send to the scoring service: whole requests, and bodies in sound requests. Over real connections. A
/// damaged one is answered as such, or the connection ends; none is an error of the server's own.
final class HttpFormats {
    private static final Pattern OWN_ERROR = Pattern.compile("HTTP/1\\.1 5(?!01|05)"); // those two are of the request
    private static final String YES =
            "{\"id\":\"a\",\"type\":\"TorF1\",\"answer\":1,\"difficulty_city\":\"easy\",\"response\":\"\\\\boxed{yes}\"}";
    private static final String ROUTE = "{\"id\":7,\"type\":\"planning\",\"station_1\":\"A\",\"station_2\":\"B\","
            + "\"difficulty_city\":\"hard\",\"question_transfer_count\":0,\"stations\":{\"L\":[\"A\",\"B\"]},"
            + "\"response\":\"Route Name: L\\nDeparture Stop: A\\nArrival Stop: B\"}";
    private static final byte[] BODY =
            "{\"items\":[%s,%s]}".formatted(YES, ROUTE).getBytes(StandardCharsets.UTF_8);

    private final RewardService service;

    HttpFormats() throws IOException, InterruptedException {
        service = RewardService.start(
                ServiceSettings.from(ConfigFactory.parseString("railhead.reward-service { port = 0 }")
                        .withFallback(ConfigFactory.load())),
                RewardProfile.RAILHEAD.function(RewardWeights.DEFAULT),
                Optional.empty());
        String good = answer(request(BODY));
        if (!good.startsWith("HTTP/1.1 200")) {
            throw new AssertionError(good);
        }
    }

    List<Format> all() {
        return List.of(
                Format.of("http requests", 2_000, List.of(request(BODY)), this::answered, List.of()),
                Format.of("http bodies", 5_000, List.of(BODY), body -> answered(request(body)), List.of()));
    }

    private static byte[] request(byte[] body) {
        String length = String.valueOf(body.length);
        byte[] head = String.join(
                        "\r\n",
                        "POST /v1/score HTTP/1.1",
                        "Host: a",
                        "Connection: close",
                        "Content-Type: application/json",
                        "Content-Length: " + length,
                        "",
                        "")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    private void answered(byte[] request) throws IOException {
        String answer = answer(request);
        if (OWN_ERROR.matcher(answer).find()) {
            throw new AssertionError(answer);
        }
    }

    private String answer(byte[] request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), service.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException _) {
            return ""; // the server closed with bytes of ours unread
        }
    }

    void stop() throws InterruptedException {
        service.stop();
    }
}
