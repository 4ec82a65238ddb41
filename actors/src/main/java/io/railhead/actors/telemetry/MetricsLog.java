package io.railhead.actors.telemetry;

import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RunFact;
import io.railhead.policy.PolicyVersion;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `metrics.jsonl`: one JSON object a train step, in the order of versions. Not thread-safe.
///
/// ```json
/// {"version":12,"time":"2026-01-01T00:00:00Z","stage":"perception","ledger/issued":96,"loss/total":0.25}
/// ```
/// A number that is not finite is `null`, since JSON has none.
public final class MetricsLog implements Closeable {
    private static final Pattern LINE = Pattern.compile("\\{\"version\":([0-9]{1,18}),.*}");

    private final FileChannel channel;

    private MetricsLog(FileChannel channel) {
        this.channel = channel;
    }

    /// Opens the file for appending after the line of `resumedAt`: later lines, and a torn last one, are cut off.
    ///
    /// @throws IOException if a whole line is not one of ours; it names file and line, and nothing was cut
    public static MetricsLog open(Path file, PolicyVersion resumedAt) throws IOException {
        long keep = Files.exists(file) ? endOf(file, resumedAt) : 0;
        OwnCopy.replace(file, keep);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        channel.position(keep);
        return new MetricsLog(channel);
    }

    /// The byte after the last line that stays.
    private static long endOf(Path file, PolicyVersion resumedAt) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1); // one char a byte
        int end = 0;
        for (int number = 1; ; number++) {
            int newline = text.indexOf('\n', end);
            if (newline < 0) {
                return end;
            }
            Matcher line = LINE.matcher(text.substring(end, newline));
            if (!line.matches()) {
                throw new IOException(file + " line " + number + " is not the metrics of a step");
            }
            if (Long.parseLong(line.group(1)) > resumedAt.number()) {
                return end;
            }
            end = newline + 1;
        }
    }

    /// Appends a line; it is in the file when this returns.
    public void append(Instant at, RunFact.StepFinished step) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line(at, step) + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    static String line(Instant at, RunFact.StepFinished step) {
        Map<String, String> fields = new LinkedHashMap<>(); // name -> JSON
        fields.put("version", Long.toString(step.version().number()));
        fields.put("time", quoted(at.toString()));
        fields.put("stage", quoted(step.stage()));
        fields.put("groups", Integer.toString(step.trained().size()));
        LedgerCounts ledger = step.ledger();
        fields.put("ledger/issued", Long.toString(ledger.issued()));
        fields.put("ledger/trained", Long.toString(ledger.trained()));
        fields.put("ledger/filtered", Long.toString(ledger.filtered()));
        fields.put("ledger/stale", Long.toString(ledger.stale()));
        fields.put("ledger/failed", Long.toString(ledger.failed()));
        fields.put("ledger/in-flight", Long.toString(ledger.inFlight()));
        step.metrics().forEach((name, value) -> fields.put(name, Double.isFinite(value) ? value.toString() : "null"));
        StringBuilder json = new StringBuilder("{");
        fields.forEach((name, value) -> json.append(json.length() == 1 ? "" : ",")
                .append(quoted(name))
                .append(':')
                .append(value));
        return json.append('}').toString();
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                json.append('\\').append((char) c);
            } else if (c < 0x20) {
                json.append("\\u%04x".formatted(c));
            } else {
                json.append((char) c);
            }
        });
        return json.append('"').toString();
    }

    /// Puts all that was appended on the disk.
    public void force() throws IOException {
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        try (FileChannel closing = channel) {
            closing.force(true);
        }
    }
}
