package io.railhead.transit.answer;

import io.railhead.transit.StationNames;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The lines of a network in the form that responses are checked against: cleaning a name costs a hundred times what
/// comparing it costs, so each name is cleaned once, when it is first met, and kept.
///
/// What is kept is bounded by the size of the network, whatever responses say. Equal by its lines. Safe to share
/// between threads.
public final class NetworkIndex {
    private static final int LONGEST_KEPT = 100; // characters of a name
    private static final int KEPT_PER_STATION = 4; // spellings

    private final SequencedMap<String, List<String>> lines;
    private final Map<String, Line> byName = new HashMap<>();
    private final Map<String, Name> names = new ConcurrentHashMap<>();
    private final int mostNames;

    /// A station's name as the published code compares it, cleaned once, and as both sides are compared here, cleaned
    /// twice ([StationNames#key]).
    public record Name(String cleaned, String key) {}

    /// One line of the network. Its sets are made by the first who asks; two threads may both make them, which are
    /// equal then.
    public final class Line {
        private final List<String> stations;
        private @Nullable Served served;

        private record Served(Set<String> cleaned, Set<String> keys) {}

        private Line(List<String> stations) {
            this.stations = stations;
        }

        /// Whether a station of the line has this name, cleaned twice.
        public boolean serves(String key) {
            return served().keys().contains(key);
        }

        /// Whether a station of the line has this name, cleaned once.
        public boolean servesCleaned(String cleaned) {
            return served().cleaned().contains(cleaned);
        }

        private Served served() {
            Served known = served;
            if (known == null) {
                var cleaned = new HashSet<String>();
                var keys = new HashSet<String>();
                for (String station : stations) {
                    Name name = name(station);
                    cleaned.add(name.cleaned());
                    keys.add(name.key());
                }
                known = new Served(cleaned, keys);
                served = known;
            }
            return known;
        }
    }

    public NetworkIndex(SequencedMap<String, List<String>> lines) {
        var copy = new LinkedHashMap<String, List<String>>();
        int stations = 1;
        for (Map.Entry<String, List<String>> line : lines.entrySet()) {
            List<String> names = List.copyOf(line.getValue());
            copy.put(line.getKey(), names);
            byName.put(line.getKey(), new Line(names));
            stations += names.size();
        }
        this.lines = Collections.unmodifiableSequencedMap(copy);
        this.mostNames = KEPT_PER_STATION * stations;
    }

    /// The entries of a station file as the published scorer is given them: marks are taken off, white space stays,
    /// which decides in one name of the published cities.
    public static NetworkIndex ofEntries(SequencedMap<String, List<String>> entries) {
        var lines = new LinkedHashMap<String, List<String>>();
        entries.forEach((line, names) ->
                lines.put(line, names.stream().map(StationNames::asPublished).toList()));
        return new NetworkIndex(lines);
    }

    public SequencedMap<String, List<String>> lines() {
        return lines;
    }

    public @Nullable Line line(String name) {
        return byName.get(name);
    }

    /// The forms of a name that a response or a question says, whether the network has it or not.
    public Name name(String written) {
        Name known = names.get(written);
        if (known != null) {
            return known;
        }
        String cleaned = StationNames.clean(written);
        Name name = new Name(cleaned, StationNames.clean(cleaned));
        if (written.length() <= LONGEST_KEPT && names.size() < mostNames) {
            names.put(written, name);
        }
        return name;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NetworkIndex index && lines.equals(index.lines);
    }

    @Override
    public int hashCode() {
        return lines.hashCode();
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
