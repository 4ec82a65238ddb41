package io.railhead.app.events;

import io.railhead.actors.protocol.RunFact.LeaseEnded.Outcome;
import io.railhead.actors.telemetry.DroppedWork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/// How an account of what was dropped reads.
///
/// @param groupSize responses of a whole group
/// @param leftOut shares of the tokens of trained groups
public record DroppedText(DroppedWork dropped, int groupSize, SortedMap<String, Double> leftOut) {
    private static final List<Outcome> OUTCOMES = Arrays.asList(Outcome.values());

    /// Tables with a line above each.
    public String text() {
        if (dropped.leases() == 0) {
            return "no group has ended\n";
        }
        StringBuilder text = new StringBuilder(
                "%d groups ended; a response that had not come has no length\n".formatted(dropped.leases()));
        table(text, List.of("ended", "groups", "share", "responses came", "mean tokens", "correct"), parts());
        table(text, head("responses up to"), quarters());
        table(text, head("groups of maps"), difficulties());
        if (!leftOut.isEmpty()) {
            table(text, List.of("left out of the loss", "share of tokens"), leftOutRows());
        }
        return text.toString();
    }

    /// Everything, for a JSON writer.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("groups", dropped.leases());
        json.put("group_size", groupSize);
        Map<String, Object> parts = new LinkedHashMap<>();
        dropped.parts().forEach((outcome, part) -> {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("groups", part.leases());
            fields.put("share", (double) part.leases() / dropped.leases());
            fields.put("responses", part.responses());
            if (part.responses() > 0) {
                fields.put("mean_tokens", (double) part.tokens() / part.responses());
                fields.put("correct_share", (double) part.correct() / part.responses());
            }
            parts.put(name(outcome), fields);
        });
        json.put("ended", parts);
        json.put(
                "responses_by_length",
                dropped.quarters().stream()
                        .map(quarter -> counted("longest", quarter.longest(), quarter.responses()))
                        .toList());
        json.put(
                "groups_by_difficulty",
                dropped.difficulties().entrySet().stream()
                        .map(each -> counted("difficulty", each.getKey(), each.getValue()))
                        .toList());
        json.put("left_out", leftOut);
        return json;
    }

    private static Map<String, Object> counted(String what, Object value, Map<Outcome, Long> counts) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(what, value);
        OUTCOMES.forEach(outcome -> fields.put(name(outcome), counts.getOrDefault(outcome, 0L)));
        fields.put("dropped_share", DroppedWork.droppedShare(counts));
        return fields;
    }

    private List<List<String>> parts() {
        List<List<String>> rows = new ArrayList<>();
        dropped.parts().forEach((outcome, part) -> {
            boolean came = part.responses() > 0;
            rows.add(List.of(
                    name(outcome),
                    Long.toString(part.leases()),
                    percent((double) part.leases() / dropped.leases()),
                    number((double) part.responses() / part.leases()) + " of " + groupSize,
                    came ? number((double) part.tokens() / part.responses()) : "-",
                    came ? percent((double) part.correct() / part.responses()) : "-"));
        });
        return rows;
    }

    private List<List<String>> quarters() {
        return dropped.quarters().stream()
                .map(quarter -> row(quarter.longest() + " tokens", quarter.responses()))
                .toList();
    }

    private List<List<String>> difficulties() {
        return dropped.difficulties().entrySet().stream()
                .map(each -> row(each.getKey(), each.getValue()))
                .toList();
    }

    private List<List<String>> leftOutRows() {
        return leftOut.entrySet().stream()
                .map(each -> List.of(each.getKey(), percent(each.getValue())))
                .toList();
    }

    private static List<String> head(String first) {
        List<String> head = new ArrayList<>(List.of(first));
        OUTCOMES.forEach(outcome -> head.add(name(outcome)));
        head.add("dropped");
        return head;
    }

    private static List<String> row(String first, Map<Outcome, Long> counts) {
        List<String> row = new ArrayList<>(List.of(first));
        OUTCOMES.forEach(outcome -> row.add(Long.toString(counts.getOrDefault(outcome, 0L))));
        row.add(counts.isEmpty() ? "-" : percent(DroppedWork.droppedShare(counts)));
        return row;
    }

    private static void table(StringBuilder text, List<String> head, List<List<String>> rows) {
        text.append('\n').append(line(head));
        rows.forEach(row -> text.append(line(row)));
    }

    private static String line(List<String> cells) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-22s", cells.getFirst()));
        cells.subList(1, cells.size()).forEach(cell -> line.append(String.format(Locale.ROOT, " %15s", cell)));
        return line.append('\n').toString();
    }

    private static String name(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
