package io.railhead.transit;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/// Networks with branches, open and closed loops and stations at two places of a line.
final class UntidyNetworks {
    private UntidyNetworks() {}

    static Arbitrary<TransitNetwork> any() {
        Arbitrary<String> name = Arbitraries.of("A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L");
        Arbitrary<List<String>> stations = name.list().ofMinSize(1).ofMaxSize(8);
        Arbitrary<LineLayout> layout = Combinators.combine(
                        Arbitraries.of(true, false, false),
                        Arbitraries.integers().between(0, 7),
                        Arbitraries.integers().between(1, 7),
                        Arbitraries.of(0, 0, 1, 2))
                .as((loop, from, first, kind) -> new LineLayout(
                        loop, List.of(new LineLayout.Branch("" + from, "" + first)), kind == 2 ? "" + from : null));
        return Combinators.combine(
                        stations.list().ofMinSize(1).ofMaxSize(4), layout.list().ofSize(4))
                .as(UntidyNetworks::network);
    }

    /// The numbers that layouts hold in place of names are places in the list; what does not fit there is left out.
    private static TransitNetwork network(List<List<String>> lists, List<LineLayout> layouts) {
        var lines = new LinkedHashMap<String, List<String>>();
        var known = new LinkedHashMap<String, LineLayout>();
        for (List<String> stations : lists) {
            String line = "Line " + (lines.size() + 1);
            LineLayout wished = layouts.get(lines.size());
            LineLayout.Branch branch = wished.branches().getFirst();
            int from = Integer.parseInt(branch.from());
            int first = Integer.parseInt(branch.first());
            var entries = new ArrayList<>(stations);
            if (wished.unlocated() != null && from < entries.size()) {
                entries.set(from, entries.get(from) + " (Branch-starting Station)");
            } else {
                boolean fits = from < first && first < stations.size();
                known.put(
                        line,
                        new LineLayout(
                                wished.loop(),
                                fits
                                        ? List.of(new LineLayout.Branch(stations.get(from), stations.get(first)))
                                        : List.of(),
                                null));
            }
            lines.put(line, entries);
        }
        return tidy(lines, known);
    }

    private static TransitNetwork tidy(Map<String, List<String>> lines, Map<String, LineLayout> known) {
        StationFile file = StationFile.of(new JsonMapper().valueToTree(lines), "the file", "town");
        return TidyNetwork.of(file, known).network();
    }
}
