package io.railhead.app;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/// Takes what is posted to it, as a collector of OpenTelemetry does.
final class Collector implements AutoCloseable {
    private final HttpServer http;
    private final ConcurrentLinkedQueue<String> bodies = new ConcurrentLinkedQueue<>();

    private Collector(HttpServer http) {
        this.http = http;
    }

    static Collector start() throws IOException {
        Collector collector =
                new Collector(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        collector.http.createContext("/v1/traces", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            collector.bodies.add(new String(body, StandardCharsets.ISO_8859_1));
            exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.http.start();
        return collector;
    }

    String endpoint() {
        return "http://127.0.0.1:%d/v1/traces".formatted(http.getAddress().getPort());
    }

    /// All of it, bytes as characters.
    String taken() {
        return bodies.stream().collect(Collectors.joining());
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
