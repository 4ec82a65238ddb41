package io.railhead.transit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TidyNetworkProperties {
    private static final JsonMapper JSON = new JsonMapper();

    /// Files as careless hands write them: suffixes missing, doubled and misspelt, marks with and without a space,
    /// spellings that differ in punctuation, stations repeated next to each other and far apart.
    @Provide
    Arbitrary<Map<String, List<String>>> untidyFiles() {
        Arbitrary<String> name = Arbitraries.of("Oak", "Oak St", "Oak-St", "Elm", "elm", "Union", "Penn", "中心", "火车东");
        Arbitrary<String> suffix =
                Arbitraries.of(" Station", " Station", " Station", " Station Station", " Staton", "");
        Arbitrary<String> chinese = Arbitraries.of("站", "站", "站", "站站", "");
        Arbitrary<String> mark = Arbitraries.of(
                "", "", "", " ", " (Transfer Station)", "(Transfer Station)", "（换乘站）", " (Branch-starting Station)");
        Arbitrary<String> entry = Arbitraries.oneOf(
                Combinators.combine(name, suffix, mark).as((n, s, m) -> n + s + m),
                Combinators.combine(name, chinese, mark).as((n, s, m) -> n + s + m));
        return entry.list()
                .ofMinSize(1)
                .ofMaxSize(8)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(lists -> {
                    var lines = new LinkedHashMap<String, List<String>>();
                    lists.forEach(list -> lines.put("Line " + (lines.size() + 1), list));
                    return lines;
                });
    }

    private static TidyNetwork tidy(Object lines) {
        return TidyNetwork.of(StationFile.of(JSON.valueToTree(lines), "the file", "town"), Map.of());
    }

    @Property
    void tidyingATidyNetworkChangesNothing(@ForAll("untidyFiles") Map<String, List<String>> file) {
        TransitNetwork once = tidy(file).network();
        TidyNetwork twice = tidy(once.lines());
        assertThat(twice.network().lines()).isEqualTo(once.lines());
        assertThat(twice.repairs())
                .extracting(Repair::kind)
                .isSubsetOf(Repair.Kind.TWICE_ON_LINE, Repair.Kind.LOOP, Repair.Kind.POSSIBLE_BRANCH);
    }

    @Property
    void everyChangedNameIsReported(@ForAll("untidyFiles") Map<String, List<String>> file) {
        TidyNetwork tidy = tidy(file);
        file.forEach((line, entries) -> {
            List<String> kept = tidy.network().lines().getOrDefault(line, List.of());
            for (String entry : entries) {
                String plain = StationNames.withoutMarks(entry);
                boolean reported = tidy.repairs().stream()
                        .anyMatch(repair ->
                                repair.line().equals(line) && repair.entry().equals(entry));
                assertThat(kept.contains(plain) || reported).as(entry).isTrue();
            }
        });
    }

    @Property
    void everyLineKeepsItsPlaceAndNoStationMeetsItselfNextDoor(@ForAll("untidyFiles") Map<String, List<String>> file) {
        TransitNetwork network = tidy(file).network();
        assertThat(network.lines().sequencedKeySet()).containsExactlyElementsOf(file.keySet());
        network.lines().values().forEach(stations -> {
            for (int i = 1; i < stations.size(); i++) {
                assertThat(stations.get(i)).isNotEqualTo(stations.get(i - 1));
            }
        });
    }
}
