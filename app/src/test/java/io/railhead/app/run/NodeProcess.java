package io.railhead.app.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// `railhead node` in a process of its own, and what it says. Whoever starts it ends it with `close`.
final class NodeProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 180;

    private static final String ENDED = "(nothing more)";

    private final Process process;
    private final Path log;
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private final List<String> heard = new ArrayList<>();

    /// @param options of the command
    /// @param settings by key, without the prefix `railhead`
    static NodeProcess start(Path log, List<String> options, Map<String, Object> settings) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.awt.headless=true",
                "-Dai.djl.offline=true",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.railhead.app.Main",
                "node"));
        command.addAll(options);
        settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
        return new NodeProcess(
                new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
    }

    private NodeProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        Thread.ofVirtual().start(this::listen);
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(line);
            }
        } catch (IOException e) {
            said.add(e.toString());
        } finally {
            said.add(ENDED);
        }
    }

    /// The next line of a kind.
    String await(Predicate<String> kind) throws InterruptedException {
        while (true) {
            String line = said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            heard.add(String.valueOf(line));
            if (line == null || line.equals(ENDED)) {
                throw new AssertionError("not said: " + account());
            }
            if (kind.test(line)) {
                return line;
            }
        }
    }

    /// SIGKILL.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitEnd();
    }

    /// SIGTERM.
    void askToStop() {
        process.toHandle().destroy(); // Process.destroy would close what it says, too
    }

    /// @return its exit status
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("does not end, after " + heard);
        }
        return process.exitValue();
    }

    /// What it said and logged, for who wonders why it did what it did.
    String account() {
        said.drainTo(heard);
        try {
            return "alive: %s%n%s%n%s".formatted(process.isAlive(), String.join("\n", heard), Files.readString(log));
        } catch (IOException e) {
            return "said %s, log unreadable: %s".formatted(heard, e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
