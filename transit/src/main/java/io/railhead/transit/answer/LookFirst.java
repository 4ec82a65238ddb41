package io.railhead.transit.answer;

import io.railhead.transit.Question;
import io.railhead.transit.Route;
import io.railhead.transit.RouteSegment;
import io.railhead.transit.TransitNetwork;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Right responses that say what has to be looked up on the map before they answer: what small models learn fastest
/// from.
///
/// A verdict alone gives a model nothing to hold on to; naming the lines through each station first turns it into
/// look-ups that one attention step can do, and a last step that needs no picture.
public final class LookFirst {
    /// What a response begins with that looks before it answers.
    public static final String LOOK = "Look: ";

    /// What a response begins with that looks up its route. A word of its own: to look before planning is another
    /// habit than to look before a verdict.
    public static final String PLAN = "Plan: ";

    private static final String NONE = "none";

    private final TransitNetwork network;

    /// A question outside the published templates, for the look-ups that the templates are made of.
    public record Lookup(String question, String response) {}

    public LookFirst(TransitNetwork network) {
        this.network = network;
    }

    /// The right response to one of the published questions about this network.
    public String response(Question question) {
        return opening(question) + look(question) + question.referenceResponse();
    }

    private static String opening(Question question) {
        return switch (question.type()) {
            case TORF1, TORF2, COUNTING1, COUNTING2, COUNTING3 -> LOOK;
            case PLANNING -> PLAN;
        };
    }

    private String look(Question question) {
        return switch (question.type()) {
            case TORF1 -> common(named(question.station1()), named(question.station2()));
            case TORF2 -> {
                String line = named(question.line());
                String station = named(question.station1());
                yield line + ". " + fact(station) + ". "
                        + both(network.linesThrough(station).contains(line) ? line : NONE);
            }
            case COUNTING1 -> between(named(question.station1()), named(question.station2()));
            case COUNTING2 -> fact(named(question.station1())) + ". ";
            case COUNTING3 -> String.join(", ", network.lines().keySet()) + ". ";
            case PLANNING -> plan(question.routes().getFirst());
        };
    }

    public Lookup linesThrough(String station) {
        return new Lookup("Lines through " + station, fact(station));
    }

    public Lookup stopsOf(String line) {
        return new Lookup("Stops: " + line, line + ": " + String.join(", ", stations(line)));
    }

    /// Where two lines meet; they are expected to meet once at most.
    public Lookup meeting(String line1, String line2) {
        String where = stations(line1).stream()
                .filter(stations(line2)::contains)
                .findFirst()
                .orElse("none");
        String both = line1 + " and " + line2 + " meet at ";
        return new Lookup(both, both + where);
    }

    private String plan(Route route) {
        List<RouteSegment> segments = route.segments();
        var text = new StringBuilder(
                common(segments.getFirst().departure(), segments.getLast().arrival()));
        for (int i = 1; i < segments.size(); i++) {
            text.append("%s and %s meet at %s. "
                    .formatted(
                            segments.get(i - 1).line(),
                            segments.get(i).line(),
                            segments.get(i).departure()));
        }
        return text.toString();
    }

    /// The stations from the first to the second along their first common line, and those that lie between, as a list
    /// that is scored, and how many they are.
    private String between(String from, String to) {
        String line = network.commonLines(from, to).getFirst();
        List<String> stations = stations(line);
        int start = stations.indexOf(from);
        int end = stations.indexOf(to);
        List<String> passed = start < end
                ? stations.subList(start, end + 1)
                : stations.subList(end, start + 1).reversed();
        List<String> stops = passed.subList(1, passed.size() - 1);
        return common(from, to)
                + "%s: %s. Stops: [%s]. %d. "
                        .formatted(line, String.join(", ", passed), String.join(", ", stops), stops.size());
    }

    /// The lines through two stations, and the first that is among both.
    private String common(String from, String to) {
        return fact(from) + ". " + fact(to) + ". "
                + both(network.commonLines(from, to).stream().findFirst().orElse(NONE));
    }

    private static String both(String what) {
        return "both: " + what + ". ";
    }

    private String fact(String station) {
        return station + " is on " + String.join(", ", network.linesThrough(station));
    }

    private List<String> stations(String line) {
        List<String> stations = network.lines().get(line);
        if (stations == null) {
            throw new IllegalArgumentException(network.city() + " has no line " + line);
        }
        return stations;
    }

    private static String named(@Nullable String station) {
        if (station == null) {
            throw new IllegalArgumentException("the question names no station");
        }
        return station;
    }
}
