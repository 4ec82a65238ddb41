package io.railhead.app.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A Chromium without a window, driven over its DevTools protocol.
final class Browser implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final WebSocket socket;
    private final BlockingQueue<JsonNode> heard;
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private int asked;

    private Browser(Process process, WebSocket socket, BlockingQueue<JsonNode> heard) {
        this.process = process;
        this.socket = socket;
        this.heard = heard;
    }

    /// Where one is installed.
    static Optional<Path> installed() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// @param profile an empty directory, which it fills
    static Browser open(Path program, Path profile) throws Exception {
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--hide-scrollbars",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(profile.resolve("output").toFile())
                .start();
        Path announced = profile.resolve("DevToolsActivePort");
        HttpClient http = HttpClient.newHttpClient();
        for (long wait = 0; wait < PATIENCE_SECONDS * 10 && !Files.exists(announced); wait++) {
            new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
        }
        String port = Files.readAllLines(announced).getFirst();
        HttpResponse<String> pages = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        String address = "";
        for (JsonNode page : JSON.readTree(pages.body())) {
            address = page.path("type").asText().equals("page")
                    ? page.path("webSocketDebuggerUrl").asText()
                    : address;
        }
        BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
        WebSocket socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(address), new Ear(heard))
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Browser browser = new Browser(process, socket, heard);
        browser.ask("Page.enable", Map.of());
        browser.ask("Runtime.enable", Map.of());
        browser.ask("Log.enable", Map.of());
        return browser;
    }

    void show(URI address, int width, int height, boolean dark) throws Exception {
        ask(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        ask(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        ask("Page.navigate", Map.of("url", address.toString()));
    }

    /// Whether a JavaScript expression becomes true in time.
    boolean becomes(String expression) throws Exception {
        for (long wait = 0; wait < PATIENCE_SECONDS * 10; wait++) {
            if (value(expression).asBoolean()) {
                return true;
            }
            new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
        }
        return false;
    }

    /// What a JavaScript expression says.
    JsonNode value(String expression) throws Exception {
        return ask("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true))
                .at("/result/value");
    }

    void type(String key) throws Exception {
        String text = key.equals("Enter") ? "\r" : ""; // without it a button is not pressed
        ask("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", key, "code", key, "text", text));
        ask("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "code", key));
    }

    /// The whole page.
    void picture(Path file) throws Exception {
        Files.createDirectories(file.getParent());
        JsonNode picture = ask("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
        Files.write(file, Base64.getDecoder().decode(picture.path("data").asText()));
    }

    /// What scripts failed at, and what the browser refused to load or run.
    List<String> complaints() throws Exception {
        value("1");
        return List.copyOf(complaints);
    }

    private JsonNode ask(String method, Map<String, Object> parameters) throws Exception {
        int id = ++asked;
        socket.sendText(JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        while (true) {
            JsonNode message = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (message == null) {
                throw new IOException("no answer to " + method);
            }
            if (message.path("id").asInt() == id) {
                if (message.has("error")) {
                    throw new IOException(method + ": " + message.path("error"));
                }
                return message.path("result");
            }
            if (message.path("method").asText().equals("Runtime.exceptionThrown")
                    || message.at("/params/entry/level").asText().equals("error")) {
                complaints.add(message.path("params").toString());
            }
        }
    }

    @Override
    public void close() {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    /// Puts fragments together.
    private record Ear(BlockingQueue<JsonNode> heard, StringBuilder part) implements WebSocket.Listener {
        private Ear(BlockingQueue<JsonNode> heard) {
            this(heard, new StringBuilder());
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                try {
                    heard.add(JSON.readTree(part.toString()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                part.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }
}
