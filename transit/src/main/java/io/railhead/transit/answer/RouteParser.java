package io.railhead.transit.answer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the sections of a route, by the rules of the published evaluation.
///
/// Sections are divided by `--`. Each search looks at a section from one end to the other, so time is linear in the
/// length of the response, and no response makes it throw.
public final class RouteParser {
    private static final String SEPARATOR = "--";
    private static final String ROUTE = "Route Name:";
    private static final String DEPARTURE = "Departure Stop:";
    private static final String ARRIVAL = "Arrival Stop:";

    private final String text;

    private RouteParser(String text) {
        this.text = text;
    }

    /// The sections that have all three labels in their exact case: what counts for correctness.
    public static List<Ride> rides(String response) {
        return new RouteParser(response).read(false);
    }

    /// The sections that have all three labels in any case: what the published detail reward counts as segments.
    public static List<Ride> ridesInAnyCase(String response) {
        return new RouteParser(response).read(true);
    }

    private List<Ride> read(boolean anyCase) {
        var rides = new ArrayList<Ride>(4);
        int from = 0;
        while (true) {
            int separator = text.indexOf(SEPARATOR, from);
            Ride ride = ride(from, separator < 0 ? text.length() : separator, anyCase);
            if (ride != null) {
                rides.add(ride);
            }
            if (separator < 0) {
                return rides;
            }
            from = separator + SEPARATOR.length();
        }
    }

    private @Nullable Ride ride(int from, int to, boolean anyCase) {
        int route = text.indexOf(ROUTE, from, to);
        if (route < 0 && !(anyCase && holdsInAnyCase(ROUTE, from, to))) {
            return null;
        }
        int departure = text.indexOf(DEPARTURE, from, to);
        if (departure < 0 && !(anyCase && holdsInAnyCase(DEPARTURE, from, to))) {
            return null;
        }
        int arrival = text.indexOf(ARRIVAL, from, to);
        if (arrival < 0 && !(anyCase && holdsInAnyCase(ARRIVAL, from, to))) {
            return null;
        }
        String line = field(ROUTE, route, to);
        int last = from;
        for (int at = arrival; at >= 0; at = text.indexOf(ARRIVAL, last, to)) {
            last = at + ARRIVAL.length();
        }
        return new Ride(
                line == null ? null : PythonText.strip(line),
                field(DEPARTURE, departure, to),
                withoutEdge(last, to),
                route >= 0 && departure >= 0 && arrival >= 0);
    }

    /// What follows the first label with a space after it, up to the end of its line; null if there is no such label or
    /// no such end.
    private @Nullable String field(String label, int first, int to) {
        for (int at = first; at >= 0; at = text.indexOf(label, at + 1, to)) {
            int start = at + label.length();
            if (start < to && text.charAt(start) == ' ') {
                int end = text.indexOf('\n', start + 1, to);
                return end < 0 ? null : text.substring(start + 1, end);
            }
        }
        return null;
    }

    /// Without spaces before and line breaks behind, neither of which any name is compared by: what is left is likelier
    /// to be a name that was met before.
    private String withoutEdge(int from, int to) {
        int start = from;
        int end = to;
        while (start < end && text.charAt(start) == ' ') {
            start++;
        }
        while (end > start && text.charAt(end - 1) == '\n') {
            end--;
        }
        return text.substring(start, end);
    }

    /// Labels end in a colon, so only what is before a colon can be one.
    private boolean holdsInAnyCase(String label, int from, int to) {
        int letters = label.length() - 1;
        for (int colon = text.indexOf(':', from, to); colon >= 0; colon = text.indexOf(':', colon + 1, to)) {
            if (colon - from >= letters && endsAt(colon, label, letters)) {
                return true;
            }
        }
        return false;
    }

    private boolean endsAt(int colon, String label, int letters) {
        for (int i = 0; i < letters; i++) {
            char c = text.charAt(colon - letters + i);
            char lower =
                    c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c; // no letter beyond ASCII becomes one of these
            if (lower != Character.toLowerCase(label.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
