package io.railhead.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A node's status for people: a few lines, then tables of members, workers and waits.
final class StatusText {
    private static final int SECONDS_A_MINUTE = 60;
    private static final int SECONDS_AN_HOUR = 3600;

    private StatusText() {}

    static String of(JsonNode status) {
        StringBuilder text = new StringBuilder();
        text.append("node %s (%s), up %s, %s%n"
                .formatted(
                        status.path("node").asText(),
                        words(status.path("roles")),
                        age(status.path("uptime_seconds").asDouble()),
                        status.path("ready").asBoolean() ? "ready" : "not ready: " + words(status.path("not_ready"))));
        run(text, status);
        weights(text, status);
        JsonNode lost = status.path("lost");
        text.append("messages lost: %d undelivered, %d dropped%n"
                .formatted(
                        lost.path("undelivered").asLong(), lost.path("dropped").asLong()));
        members(text, status.path("members"));
        waits(text, status.path("waits"));
        return text.toString();
    }

    private static void run(StringBuilder text, JsonNode status) {
        JsonNode run = status.path("run");
        if (run.isMissingNode() || run.isNull()) {
            text.append("the run's head does not answer%n".formatted());
            return;
        }
        text.append("led by %s in life %d; at v%d, stage %s, %d rollout workers%n"
                .formatted(
                        status.path("leader").asText(),
                        run.path("life").asLong(),
                        run.path("policy_version").asLong(),
                        run.path("stage").asText(),
                        run.path("workers").asLong()));
        JsonNode ledger = run.path("ledger");
        text.append("leases: %d issued = %d trained + %d filtered + %d stale + %d failed + %d in flight%n"
                .formatted(numbers(ledger, "issued", "trained", "filtered", "stale", "failed", "in_flight")));
        text.append("now: %d generating, %d ready, backlog %d, %d samples asked for%n"
                .formatted(numbers(run.path("demand"), "generating", "ready", "backlog", "permits")));
        for (JsonNode alert : run.path("alerts").path("present")) {
            text.append("ALERT %s: %s %s since %s%n"
                    .formatted(
                            alert.path("alert").asText(),
                            alert.path("owner").asText(),
                            alert.path("detail").asText(),
                            alert.path("since").asText()));
        }
    }

    private static void weights(StringBuilder text, JsonNode status) {
        JsonNode weights = status.path("weights");
        if (!weights.isNull() && !weights.isMissingNode()) {
            JsonNode source = weights.path("source");
            text.append("weights here: v%d%s%n"
                    .formatted(weights.path("version").asLong(), source.isTextual() ? " from " + source.asText() : ""));
        }
        for (JsonNode worker : status.path("workers")) {
            text.append("worker %s serves v%d, has room for %d samples, heard %s ago%n"
                    .formatted(
                            worker.path("id").asText(),
                            worker.path("serving").asLong(),
                            worker.path("free_samples").asLong(),
                            age(worker.path("silent_seconds").asDouble())));
        }
    }

    private static void members(StringBuilder text, JsonNode members) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode member : members) {
            rows.add(List.of(
                    member.path("address").asText(),
                    member.path("status").asText(),
                    member.path("reachable").asBoolean() ? "reachable" : "UNREACHABLE",
                    words(member.path("roles"))));
        }
        table(text, "members", rows);
    }

    private static void waits(StringBuilder text, JsonNode waits) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode wait : waits) {
            rows.add(List.of(
                    age(wait.path("seconds").asDouble()),
                    wait.path("who").asText() + " waits for "
                            + wait.path("for_what").asText()));
        }
        table(text, "waits", rows);
    }

    private static void table(StringBuilder text, String title, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        text.append(title).append(System.lineSeparator());
        int[] widths = IntStream.range(0, rows.getFirst().size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        for (List<String> row : rows) {
            String line = IntStream.range(0, row.size())
                    .mapToObj(i -> ("%-" + Math.max(1, widths[i]) + "s").formatted(row.get(i)))
                    .collect(Collectors.joining("  ", "  ", ""));
            text.append(line.stripTrailing()).append(System.lineSeparator());
        }
    }

    private static Object[] numbers(JsonNode object, String... names) {
        return Arrays.stream(names)
                .map(name -> (Object) object.path(name).asLong())
                .toArray();
    }

    private static String words(JsonNode list) {
        List<String> words = new ArrayList<>();
        list.forEach(word -> words.add(word.asText()));
        return String.join(", ", words);
    }

    /// `0.4 s`, `12 s`, `3 min`, `2 h 5 min`.
    static String age(double seconds) {
        long whole = Math.round(seconds);
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        if (whole < 2 * SECONDS_A_MINUTE) {
            return whole + " s";
        }
        long minutes = whole / SECONDS_A_MINUTE;
        return whole < SECONDS_AN_HOUR
                ? minutes + " min"
                : "%d h %d min".formatted(minutes / SECONDS_A_MINUTE, minutes % SECONDS_A_MINUTE);
    }
}
