package io.railhead.transit.answer;

import io.railhead.transit.StationNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The stops between two stations as a response lists them, `Stops: [A, B, and C]`, by the published parser's rules,
/// and as the network has them.
public final class ListedStops {
    private static final String LABEL = "stops";

    private ListedStops() {}

    /// The entries of the first list, as they were written; empty if there is none, and an empty list if it is not
    /// closed.
    public static Optional<List<String>> in(String response) {
        int open = openingBracket(response);
        if (open < 0) {
            return Optional.empty();
        }
        int close = closingBracket(response, open);
        return Optional.of(close < 0 ? List.of() : entries(response.substring(open + 1, close)));
    }

    /// The stations between those that the question names, by [StationNames#key], along each line that has both; both
    /// ways round if the line is a ring that ends where it starts.
    public static List<Set<String>> between(AnswerKey key) {
        NetworkIndex network = key.network();
        var ways = new ArrayList<Set<String>>();
        for (List<String> names : key.lines().values()) {
            List<String> stations =
                    names.stream().map(name -> network.name(name).key()).toList();
            int one = stations.indexOf(named(network, key.station1()));
            int other = stations.indexOf(named(network, key.station2()));
            if (one < 0 || other < 0) {
                continue;
            }
            int first = Math.min(one, other);
            int last = Math.max(one, other);
            ways.add(new HashSet<>(stations.subList(Math.min(first + 1, last), last)));
            if (stations.size() > 1 && stations.getFirst().equals(stations.getLast())) {
                var around = new HashSet<>(stations.subList(0, first));
                around.addAll(stations.subList(last + 1, stations.size()));
                ways.add(around);
            }
        }
        return ways;
    }

    private static int openingBracket(String text) {
        if (text.indexOf('[') < 0) {
            return -1;
        }
        for (int at = 0; at + LABEL.length() < text.length(); at++) {
            if (text.regionMatches(true, at, LABEL, 0, LABEL.length())) {
                int colon = afterSpace(text, at + LABEL.length());
                int bracket = colon < text.length() && text.charAt(colon) == ':' ? afterSpace(text, colon + 1) : -1;
                if (bracket >= 0 && bracket < text.length() && text.charAt(bracket) == '[') {
                    return bracket;
                }
            }
        }
        return -1;
    }

    private static int afterSpace(String text, int from) {
        int at = from;
        while (at < text.length() && StationNames.isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int closingBracket(String text, int open) {
        int depth = 0;
        for (int at = open; at < text.length(); at++) {
            char c = text.charAt(at);
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
            if (depth == 0) {
                return at;
            }
        }
        return -1;
    }

    /// Commas within parentheses do not separate.
    private static List<String> entries(String list) {
        var entries = new ArrayList<String>();
        int depth = 0;
        int start = 0;
        for (int at = 0; at <= list.length(); at++) {
            char c = at < list.length() ? list.charAt(at) : ',';
            depth += c == '(' ? 1 : c == ')' && depth > 0 ? -1 : 0;
            if (at == list.length() || (c == ',' && depth == 0)) {
                String entry = tidy(list.substring(start, at));
                if (!entry.isEmpty() && !entry.equals("...") && !entry.equals("…")) {
                    entries.add(entry);
                }
                start = at + 1;
            }
        }
        return entries;
    }

    private static String tidy(String written) {
        String entry = PythonText.strip(written);
        if (!entry.equals("...")) {
            entry = without(without(entry, '.'), ';');
        }
        return entry.startsWith("and ") ? PythonText.strip(entry.substring("and ".length())) : entry;
    }

    private static String without(String text, char edge) {
        int start = 0;
        int end = text.length();
        while (start < end && text.charAt(start) == edge) {
            start++;
        }
        while (end > start && text.charAt(end - 1) == edge) {
            end--;
        }
        return text.substring(start, end);
    }

    private static String named(NetworkIndex network, @Nullable String station) {
        return station == null ? "" : network.name(station).key();
    }
}
