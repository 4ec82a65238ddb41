package io.railhead.transit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TidyNetworkTest {
    private static TidyNetwork tidy(String json, Map<String, LineLayout> known) throws JsonProcessingException {
        return TidyNetwork.of(StationFile.of(new JsonMapper().readTree(json), "the file", "town"), known);
    }

    private static TidyNetwork tidy(String json) throws JsonProcessingException {
        return tidy(json, Map.of());
    }

    @Test
    void leavesATidyFileAlone() throws JsonProcessingException {
        TidyNetwork tidy = tidy("""
                {"Line 1": ["A Station", "B Station (Transfer Station)", "C Station"],
                 "Line 2": ["B Station (Transfer Station)", "D Station"]}""");
        assertThat(tidy.repairs()).isEmpty();
        assertThat(tidy.network().lines())
                .containsEntry("Line 1", List.of("A Station", "B Station", "C Station"))
                .containsEntry("Line 2", List.of("B Station", "D Station"));
    }

    @Test
    void mendsNamesAndSaysSo() throws JsonProcessingException {
        TidyNetwork tidy = tidy("""
                {"1": ["Court St Station(Transfer Station)", "Dean  St Station ", "Union Station Station",
                       "Exchange Staton", "Pontets", "Cathedral Pkwy Station (110 St)", "E Station", "F Station"],
                 "2": ["G Station", "H Station", "I Station", "Saint-Jean Station", "J Station", "K Station"],
                 "3": ["Saint Jean Station", "L Station", "M Station", "Saint-Jean Station", "N Station"],
                 "4": ["O Station", "SAINT JEAN Station", "P Station", "Saint-Jean Station"],
                 "5": ["Dean St. Station", "Q Station", "Q Station", "R Station"]}""");
        assertThat(tidy.repairs())
                .extracting(repair -> repair.kind() + " " + repair.text())
                .containsExactly(
                        "SPACING 1: 'Court St Station(Transfer Station)' read as 'Court St Station'",
                        "SPACING 1: 'Dean  St Station ' read as 'Dean St Station'",
                        "DOUBLED_SUFFIX 1: 'Union Station Station' read as 'Union Station'",
                        "MISSING_SUFFIX 1: 'Exchange Staton' read as 'Exchange Station'",
                        "MISSING_SUFFIX 1: 'Pontets' read as 'Pontets Station'",
                        "SPELLING 5: 'Dean St. Station' is 'Dean St Station'",
                        "REPEATED 5: Q Station twice in a row, taken once");
        // a line that has two spellings means two stations, and so do all others
        assertThat(tidy.network().stations()).contains("Saint Jean Station", "Saint-Jean Station");
    }

    @Test
    void chineseNamesGetTheirSuffixAndLoseADoubledOne() throws JsonProcessingException {
        TidyNetwork tidy = tidy("""
                {"1号线": ["长沙火车南站站", "东站", "南站 （换乘站）", "看丹", "北站"],
                 "2号线": ["长沙火车南站", "西站（换乘站）", "坝堰（机场）站", "甲站", "乙站", "长沙火车南站"]}""");
        assertThat(tidy.network().lines().get("1号线")).containsExactly("长沙火车南站", "东站", "南站", "看丹站", "北站");
        assertThat(tidy.repairs())
                .extracting(Repair::kind)
                .containsExactly(
                        Repair.Kind.DOUBLED_SUFFIX, Repair.Kind.SPACING, Repair.Kind.MISSING_SUFFIX, Repair.Kind.LOOP);
    }

    @Test
    void aBranchThatIsKnownIsLaidOutAndOneThatIsNotIsMarked() throws JsonProcessingException {
        String json = """
                {"1": ["A", "B (Branch-starting Station)", "C", "D", "x", "y"]}""";
        var known = new LineLayout(false, List.of(new LineLayout.Branch("b", "x")), null);
        TidyNetwork located = tidy(json, Map.of("1", known));
        assertThat(located.network().layouts())
                .containsEntry("1", new LineLayout(false, List.of(new LineLayout.Branch("B", "x")), null));
        assertThat(located.repairs()).extracting(Repair::text).containsExactly("1: branch from B begins with x");

        TidyNetwork unlocated = tidy(json);
        assertThat(unlocated.network().layouts()).containsEntry("1", new LineLayout(false, List.of(), "B"));
        assertThat(unlocated.repairs()).extracting(Repair::kind).containsExactly(Repair.Kind.UNKNOWN_BRANCH);

        TidyNetwork plain = tidy(json, Map.of("1", LineLayout.PLAIN));
        assertThat(plain.network().layouts()).isEmpty();
        assertThat(plain.repairs()).isEmpty();
    }

    @Test
    void aLayoutThatDoesNotFitTheListIsNotUsed() throws JsonProcessingException {
        var other = new LineLayout(false, List.of(new LineLayout.Branch("B", "nowhere")), null);
        TidyNetwork tidy = tidy("{\"1\": [\"A\", \"B (Branch-starting Station)\", \"C\"]}", Map.of("1", other));
        assertThat(tidy.repairs()).extracting(Repair::kind).containsExactly(Repair.Kind.UNKNOWN_BRANCH);
    }

    @Test
    void aStationAtTwoPlacesOfALineIsReported() throws JsonProcessingException {
        TidyNetwork tidy = tidy("{\"B\": [\"A\", \"7 Av\", \"C\", \"D\", \"7 Av\", \"E\"]}");
        assertThat(tidy.repairs())
                .extracting(Repair::text)
                .containsExactly("B: 7 Av is on this line at two places: two stations, or the start of a branch;"
                        + " nothing is asked across the second");
        TidyNetwork told = tidy("{\"B\": [\"A\", \"7 Av\", \"C\", \"7 Av\", \"E\"]}", Map.of("B", LineLayout.PLAIN));
        assertThat(told.repairs()).extracting(Repair::text).containsExactly("B: 7 Av is on this line at two places");
        assertThat(told.network().layouts())
                .containsEntry("B", new LineLayout(false, List.of(), List.of(), null, true));
    }

    @Test
    void aJumpThatAnotherLineHintsAtIsReportedUnlessTheLineIsTold() throws JsonProcessingException {
        String json = """
                {"1": ["A", "B", "C", "D", "x", "y"],
                 "2": ["p", "B", "x", "q"]}""";
        assertThat(tidy(json).repairs())
                .extracting(repair -> repair.kind() + " " + repair.text())
                .containsExactly("POSSIBLE_BRANCH 1: x may not be next to D but to B, as on 2; read as listed");
        assertThat(tidy(json, Map.of("1", LineLayout.PLAIN)).repairs()).isEmpty();
        var ring = new LineLayout(
                false, List.of(new LineLayout.Branch("B", "x")), List.of(new LineLayout.Join("d", "a")), null, false);
        assertThat(tidy(json, Map.of("1", ring)).repairs())
                .extracting(Repair::text)
                .containsExactly("1: branch from B begins with x", "1: A is next to D too");
    }
}
