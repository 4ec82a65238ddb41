package io.railhead.transit;

import io.railhead.transit.Repair.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// A network that questions can be asked about: names made uniform, branches and loops laid out. Nothing is changed
/// silently. Tidying a tidy network changes nothing.
///
/// @param repairs what was done, in the order of the lines
public record TidyNetwork(TransitNetwork network, List<Repair> repairs) {
    public TidyNetwork {
        repairs = List.copyOf(repairs);
    }

    /// @param known the layouts of lines that the file alone does not tell, stations in any spelling. A line that is
    ///     named here is told in full: a mark of a branch that is not among its branches is nothing
    public static TidyNetwork of(StationFile file, Map<String, LineLayout> known) {
        var repairs = new ArrayList<Repair>();
        var names = new TidyNames(file.entries());
        var lines = new LinkedHashMap<String, List<String>>();
        var layouts = new LinkedHashMap<String, LineLayout>();
        file.entries().forEach((line, entries) -> {
            var stations = new ArrayList<String>();
            var marked = new ArrayList<String>();
            for (String entry : entries) {
                String name = names.tidy(line, entry, repairs);
                if (!stations.isEmpty() && stations.getLast().equals(name)) {
                    repairs.add(new Repair(Kind.REPEATED, line, entry, name + " twice in a row, taken once"));
                    continue;
                }
                stations.add(name);
                if (StationNames.isMarkedBranch(entry)) {
                    marked.add(name);
                }
            }
            lines.put(line, stations);
            LineLayout layout = layout(line, stations, marked, known.get(line), repairs);
            if (!layout.equals(LineLayout.PLAIN)) {
                layouts.put(line, layout);
            }
        });
        var jumps = new Jumps(lines);
        lines.keySet().stream()
                .filter(line -> !known.containsKey(line))
                .forEach(line -> repairs.addAll(jumps.of(line)));
        return new TidyNetwork(new TransitNetwork(file.network().city(), lines, layouts), repairs);
    }

    private static LineLayout layout(
            String line, List<String> stations, List<String> marked, @Nullable LineLayout known, List<Repair> repairs) {
        var branches = new ArrayList<LineLayout.Branch>();
        boolean told = known != null; // what the marks say is known, unless it does not fit the list
        for (LineLayout.Branch branch : known == null ? List.<LineLayout.Branch>of() : known.branches()) {
            int from = placeOf(stations, branch.from());
            int first = placeOf(stations, branch.first());
            if (from < 0 || first <= from) {
                told = false;
                continue;
            }
            branches.add(new LineLayout.Branch(stations.get(from), stations.get(first)));
            repairs.add(new Repair(
                    Kind.BRANCH,
                    line,
                    stations.get(first),
                    "branch from %s begins with %s".formatted(stations.get(from), stations.get(first))));
        }
        var joins = new ArrayList<LineLayout.Join>();
        for (LineLayout.Join join : known == null ? List.<LineLayout.Join>of() : known.joins()) {
            int a = placeOf(stations, join.a());
            int b = placeOf(stations, join.b());
            if (a < 0 || b < 0) {
                told = false;
                continue;
            }
            joins.add(new LineLayout.Join(stations.get(a), stations.get(b)));
            repairs.add(new Repair(
                    Kind.BRANCH, line, stations.get(b), stations.get(b) + " is next to " + stations.get(a) + " too"));
        }
        boolean closed = LineShape.isClosed(stations);
        boolean open = known != null && known.loop() && !closed;
        if (closed || open) {
            String how = closed ? "loop, closed at " + stations.getFirst() : "loop, listed open";
            repairs.add(new Repair(Kind.LOOP, line, stations.getLast(), how));
        }
        List<String> twice = twice(stations, closed);
        for (String station : twice) {
            String what = told ? "" : ": two stations, or the start of a branch; nothing is asked across the second";
            repairs.add(
                    new Repair(Kind.TWICE_ON_LINE, line, station, station + " is on this line at two places" + what));
        }
        boolean explained = told && !twice.isEmpty();
        if (told || marked.isEmpty()) {
            return new LineLayout(open, branches, joins, null, explained);
        }
        String start = marked.getFirst();
        repairs.add(new Repair(
                Kind.UNKNOWN_BRANCH,
                line,
                start,
                "branch from %s, but where it begins is not known: nothing behind is asked about".formatted(start)));
        return new LineLayout(open, branches, joins, start, false);
    }

    private static int placeOf(List<String> stations, String name) {
        for (int i = 0; i < stations.size(); i++) {
            if (StationNames.key(stations.get(i)).equals(StationNames.key(name))) {
                return i;
            }
        }
        return -1;
    }

    private static List<String> twice(List<String> stations, boolean closed) {
        List<String> open = closed ? stations.subList(0, stations.size() - 1) : stations;
        SequencedMap<String, Integer> counts = new LinkedHashMap<>();
        open.forEach(station -> counts.merge(station, 1, Integer::sum));
        return counts.entrySet().stream()
                .filter(count -> count.getValue() > 1)
                .map(Map.Entry::getKey)
                .toList();
    }
}
