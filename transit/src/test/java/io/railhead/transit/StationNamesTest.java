package io.railhead.transit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StationNamesTest {
    @Test
    void takesMarksOffEntriesOfStationFiles() {
        Map.of(
                        "Dhoby Ghaut Station (Transfer Station)", "Dhoby Ghaut Station",
                        "Court St Station(Transfer Station)", "Court St Station",
                        "Newton Station (Branch-starting Station)", "Newton Station",
                        "西单（换乘站）", "西单",
                        "东管头南站 （换乘站）", "东管头南站",
                        "嘉定新城站（支线起始站）", "嘉定新城站",
                        "Cathedral Pkwy Station (110 St)", "Cathedral Pkwy Station (110 St)",
                        "135 St Stations ", "135 St Stations")
                .forEach((entry, name) ->
                        assertThat(StationNames.withoutMarks(entry)).isEqualTo(name));
    }

    @Test
    void cleansAsThePublishedTrainingCodeDoes() {
        Map.ofEntries(
                        Map.entry("Little India Station", "littleindia"),
                        Map.entry("34 St-Penn Station Station", "34stpenn"),
                        Map.entry("Promenade Station (CC4/DT15)", "promenade"),
                        Map.entry("King's Cross", "kingscross"),
                        Map.entry("蓟门桥站", "蓟门桥"),
                        Map.entry("长沙火车南站站", "长沙火车南站"),
                        Map.entry("武林广场站（省中医院）", "武林广场站"),
                        Map.entry("Univ. of Tech.", "universityersityoftechnologynology"),
                        Map.entry("Nanjing Road", "nanjinglu"),
                        Map.entry("Asian Games Village Station", "yayuncun"),
                        Map.entry("A (b) c) (d", "ac)(d"),
                        Map.entry("**A**\n", "a"))
                .forEach((name, cleaned) -> assertThat(StationNames.clean(name)).isEqualTo(cleaned));
    }

    @Test
    void keyOfANameWithADoubledEndingIsCleanedTwice() {
        assertThat(StationNames.key("长沙火车南站站")).isEqualTo("长沙火车南");
        assertThat(StationNames.key("Little India Station")).isEqualTo("littleindia");
    }
}
