package io.railhead.app.trackers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A tracking server with what the tests ask for of MLflow's REST interface, one run at the most.
final class MlflowServer implements AutoCloseable {
    private static final String RUN = "r1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<String> experiments = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final Map<String, String> params = new TreeMap<>();
    private final Map<String, TreeMap<Long, Double>> metrics = new TreeMap<>();
    private String tag = "";
    private String status = "";
    private int largestBatch;
    private volatile boolean hanging;
    private volatile String refusal = "";

    private MlflowServer(HttpServer http) {
        this.http = http;
    }

    static MlflowServer start() throws IOException {
        MlflowServer server =
                new MlflowServer(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        server.http.createContext("/", server::answer);
        server.http.setExecutor(server.threads);
        server.http.start();
        return server;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    void hang() {
        hanging = true;
    }

    void refuse(String why) {
        refusal = why;
    }

    synchronized List<String> experiments() {
        return List.copyOf(experiments);
    }

    synchronized List<String> names() {
        return List.copyOf(names);
    }

    synchronized Map<String, String> params() {
        return Map.copyOf(params);
    }

    synchronized Map<Long, Double> metric(String name) {
        return Map.copyOf(metrics.getOrDefault(name, new TreeMap<>()));
    }

    synchronized int largestBatch() {
        return largestBatch;
    }

    synchronized String status() {
        return status;
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
        if (hanging) {
            await();
        }
        if (!refusal.isEmpty()) {
            send(exchange, 400, Map.of("error_code", "INVALID_STATE", "message", refusal));
            return;
        }
        String call = exchange.getRequestURI().getPath().replaceFirst(".*/mlflow/", "");
        Object answer = answer(call, body);
        send(exchange, answer instanceof String ? 404 : 200, answer);
    }

    private synchronized Object answer(String call, JsonNode body) {
        return switch (call) {
            case "experiments/get-by-name" ->
                experiments.isEmpty()
                        ? "no such experiment"
                        : Map.of("experiment", Map.of("experiment_id", "7", "name", experiments.getFirst()));
            case "experiments/create" -> {
                experiments.add(body.path("name").asText());
                yield Map.of("experiment_id", "7");
            }
            case "runs/search" -> {
                boolean found = !names.isEmpty() && body.path("filter").asText().contains("'" + tag + "'");
                yield found ? Map.of("runs", List.of(run())) : Map.of();
            }
            case "runs/create" -> {
                names.add(body.path("run_name").asText());
                tag = body.path("tags").path(0).path("value").asText();
                yield Map.of("run", run());
            }
            case "runs/get" -> Map.of("run", run());
            case "runs/update" -> {
                status = body.path("status").asText();
                yield Map.of("run_info", Map.of("run_id", RUN));
            }
            case "runs/log-batch" -> {
                take(body);
                yield Map.of();
            }
            default -> "no such call: " + call;
        };
    }

    private void take(JsonNode body) {
        body.path("params")
                .forEach(param -> params.put(
                        param.path("key").asText(), param.path("value").asText()));
        largestBatch = Math.max(largestBatch, body.path("metrics").size());
        body.path("metrics")
                .forEach(metric -> metrics.computeIfAbsent(metric.path("key").asText(), _ -> new TreeMap<>())
                        .put(metric.path("step").asLong(), metric.path("value").asDouble()));
    }

    private Map<String, Object> run() {
        List<Map<String, Object>> newest = new ArrayList<>();
        metrics.forEach((name, values) -> {
            Map<String, Object> metric = new LinkedHashMap<>();
            metric.put("key", name);
            metric.put("value", values.lastEntry().getValue());
            metric.put("step", values.lastKey());
            newest.add(metric);
        });
        return Map.of("info", Map.of("run_id", RUN, "run_uuid", RUN), "data", Map.of("metrics", newest));
    }

    private static void send(HttpExchange exchange, int code, Object answer) throws IOException {
        Object body = answer instanceof String text
                ? Map.of("error_code", "RESOURCE_DOES_NOT_EXIST", "message", text)
                : answer;
        byte[] bytes = JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void await() {
        try {
            closing.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        http.stop(0);
        threads.shutdownNow();
    }
}
