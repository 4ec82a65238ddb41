package io.railhead.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.railhead.bench.weights.FanOut;
import io.railhead.bench.weights.Receiver;
import io.railhead.bench.weights.Sender;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Weights from one process to another: a snapshot against a plain stream and, where it is installed, against iperf3;
/// the delta after a step at learning rate 1e-6, encoded, brought over 1 Gbit/s and applied, against a snapshot over
/// the same line; and how much leaves the publisher's port for eight followers.
///
/// Rates and times alternate, so that what else the machine does falls on both.
final class WeightsBenchmark implements Benchmark {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long MIB = 1 << 20;
    private static final int FAN_OUT_SHARE = 32; // eight followers hold several copies each

    private final long bytes;

    /// @param mib of weights
    WeightsBenchmark(int mib) {
        this.bytes = mib * MIB;
    }

    @Override
    public List<Figure> run(Loop loop) throws IOException {
        int repetitions = loop.repetitions();
        List<Figure> figures = new ArrayList<>();
        Process sender = child(Sender.class, Long.toString(bytes), Long.toString(SEED), Integer.toString(repetitions));
        try (Child _ = new Child(sender);
                BufferedReader said = sender.inputReader(StandardCharsets.UTF_8)) {
            JsonNode offered = line(said, "sender");
            Process receiver = child(Receiver.class, offered.toString(), Integer.toString(repetitions));
            try (Child _ = new Child(receiver);
                    BufferedReader heard = receiver.inputReader(StandardCharsets.UTF_8);
                    Writer turns = receiver.outputWriter(StandardCharsets.UTF_8)) {
                List<Double> iperf = byTurns(repetitions, turns, heard);
                JsonNode got = line(heard, "receiver");
                streams(figures, got, iperf);
                deltas(figures, offered, got);
            }
        }
        fanOut(figures, repetitions);
        return List.copyOf(figures);
    }

    private void streams(List<Figure> figures, JsonNode got, List<Double> iperf) {
        Unit rate = Unit.gigabytesPerSecond();
        Figure plain = Figure.of("weights/plain", rate, rates(got.get("plain")));
        Figure snapshot = Figure.of("weights/snapshot", rate, rates(got.get("snapshot")));
        figures.add(plain);
        figures.add(snapshot);
        figures.add(ratio("weights/snapshot-to-plain", snapshot.median() / plain.median(), snapshot));
        if (!iperf.isEmpty()) {
            Figure peer = Figure.of("weights/iperf3", rate, iperf);
            figures.add(peer);
            figures.add(ratio("weights/snapshot-to-iperf3", snapshot.median() / peer.median(), snapshot));
        }
    }

    private void deltas(List<Figure> figures, JsonNode offered, JsonNode got) {
        Unit times = Unit.millisecondsPer("version");
        Figure encode = Figure.of("weights/encode", times, numbers(offered.get("encode")));
        Figure delta = Figure.of("weights/delta-1gbit", times, numbers(got.get("slow_delta")));
        Figure snapshot = Figure.of("weights/snapshot-1gbit", times, numbers(got.get("slow_snapshot")));
        double share = 100.0 * offered.get("delta_bytes").longValue() / bytes;
        figures.add(Figure.of(
                "weights/changed",
                Unit.percent(),
                List.of(100 * offered.get("changed").doubleValue())));
        figures.add(Figure.of("weights/delta-size", Unit.percent(), List.of(share)));
        figures.add(encode);
        figures.add(Figure.of("weights/delta", times, numbers(got.get("delta"))));
        figures.add(delta);
        figures.add(snapshot);
        figures.add(ratio("weights/delta-speed-up", snapshot.median() / (encode.median() + delta.median()), delta));
    }

    private void fanOut(List<Figure> figures, int repetitions) throws IOException {
        long share = Math.max(MIB, bytes / FAN_OUT_SHARE);
        List<Double> snapshots = new ArrayList<>();
        for (int i = 0; i < repetitions; i++) {
            snapshots.add((double) FanOut.measure(share, SEED).snapshot() / share);
        }
        figures.add(Figure.of("weights/fan-out-to-8", Unit.copies(), snapshots));
    }

    private static Figure ratio(String name, double ratio, Figure of) {
        return new Figure(name, Unit.times().text(), ratio, ratio, ratio, of.repetitions());
    }

    private List<Double> rates(JsonNode milliseconds) {
        return numbers(milliseconds).stream().map(ms -> bytes / ms / 1e6).toList();
    }

    private static List<Double> numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::doubleValue)
                .toList();
    }

    /// @return gigabytes a second of iperf3 before each turn of the receiver; none where it is not installed
    private List<Double> byTurns(int repetitions, Writer turns, BufferedReader heard) throws IOException {
        List<Double> rates = new ArrayList<>();
        boolean installed = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Path.of(folder, "iperf3").toFile().canExecute());
        for (int i = 0; i < repetitions; i++) {
            if (installed) {
                rates.add(iperf());
            }
            turns.write("go\n");
            turns.flush();
            heard.readLine();
        }
        return rates;
    }

    private double iperf() throws IOException {
        String port = Integer.toString(freePort());
        Process server = new ProcessBuilder("iperf3", "-s", "-1", "-p", port, "--forceflush").start();
        try (Child _ = new Child(server);
                BufferedReader ready = server.inputReader(StandardCharsets.UTF_8)) {
            String greeting = line(ready, server);
            while (!greeting.contains("listening")) {
                greeting = line(ready, server);
            }
            Process client = new ProcessBuilder(
                            "iperf3", "-c", "127.0.0.1", "-p", port, "-n", Long.toString(bytes), "-J")
                    .start();
            try (Child _ = new Child(client)) {
                JsonNode report = JSON.readTree(client.getInputStream());
                return report.at("/end/sum_received/bits_per_second").doubleValue() / 8e9;
            }
        }
    }

    private static String line(BufferedReader from, Process of) throws IOException {
        String line = from.readLine();
        if (line == null) {
            throw new IOException("iperf3 ended: " + of.info());
        }
        return line;
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    private static JsonNode line(BufferedReader from, String who) throws IOException {
        String line = from.readLine();
        if (line == null) {
            throw new IOException("the " + who + " ended without a result");
        }
        return JSON.readTree(line);
    }

    /// Goes when it is closed.
    private record Child(Process process) implements Closeable {
        @Override
        public void close() {
            process.destroy();
        }
    }

    /// A JVM of its own, with room for a few copies outside the heap.
    private Process child(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx1g",
                "-XX:MaxDirectMemorySize=" + (6 * bytes + 256 * MIB),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
