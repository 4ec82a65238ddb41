package io.railhead.transit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.railhead.transit.Difficulty;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.map.MapGenerator;
import io.railhead.transit.map.MapPainter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetExportTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String STATIONS = """
            {"Red Line": ["A Station", "B Station (Transfer Station)", "C Station", "D  Station"],
             "Blue Line": ["E Station", "B Station (Transfer Station)", "F Station"]}""";

    @TempDir
    private Path temp;

    private Path folder;
    private Path out;

    @BeforeEach
    void cities() throws IOException {
        folder = temp.resolve("in");
        out = temp.resolve("out");
        byte[] picture = new MapPainter().png(MapGenerator.generate(1, Difficulty.EASY));
        for (String city : List.of("norway/oslo", "italy/rome")) {
            Path stations = folder.resolve("stations/" + city + ".json");
            Files.createDirectories(stations.getParent());
            Files.writeString(stations, STATIONS);
            Path map = folder.resolve("maps/" + city + ".png");
            Files.createDirectories(map.getParent());
            Files.write(map, picture);
        }
    }

    private List<JsonNode> rows(String name) throws IOException {
        return Files.readAllLines(out.resolve(name)).stream()
                .map(line -> {
                    try {
                        return JSON.readTree(line);
                    } catch (IOException e) {
                        throw new AssertionError(line, e);
                    }
                })
                .toList();
    }

    @Test
    void writesTheSplitsOfTheDataSets() throws IOException {
        DataSetExport.Contents contents = DataSetExport.write(folder, out, 3, 2);
        assertThat(contents.rows())
                .containsOnlyKeys(
                        "reasonmap/train",
                        "reasonmap/validation",
                        "reasonmap-plus/train",
                        "reasonmap-plus/test",
                        "reasonmap-train/train")
                .containsEntry("reasonmap/train", 2)
                .containsEntry("reasonmap-plus/train", 9)
                .containsEntry("reasonmap-train/train", 11);
        assertThat(contents.cities().repaired()).hasSize(2);
        assertThat(rows("reasonmap/validation.jsonl"))
                .allMatch(row -> row.get("city").asText().equals("rome"));
        assertThat(rows("reasonmap-train/train.jsonl"))
                .allMatch(row -> row.get("city").asText().equals("oslo"));
    }

    @Test
    void rowsHaveTheColumnsOfTheDataSets() throws IOException {
        DataSetExport.write(folder, out, 3, 2);
        JsonNode plus = rows("reasonmap-plus/test.jsonl").getFirst();
        assertThat(plus.properties().stream().map(java.util.Map.Entry::getKey))
                .contains(
                        "country",
                        "city",
                        "station_1",
                        "station_2",
                        "figure",
                        "question",
                        "answer",
                        "type",
                        "difficulty_city",
                        "city_line_count",
                        "city_transfer_count",
                        "json");
        assertThat(plus.get("city_line_count").asInt()).isEqualTo(2);
        assertThat(plus.get("city_transfer_count").asInt()).isEqualTo(2);
        assertThat(out.resolve(plus.get("figure").asText())).isRegularFile();
        assertThat(Files.readString(out.resolve(plus.get("json").asText()))).contains("\"D Station\"");
        JsonNode planning = rows("reasonmap/train.jsonl").getFirst();
        assertThat(planning.get("question_short").asText()).doesNotContain("Via");
        assertThat(planning.get("question_long").asText()).contains("Via Stops: x");
        JsonNode ride = planning.get("routes").get("route_1").get(0);
        assertThat(ride.get("via_stops")).hasSize(ride.get("num_via_stops").asInt());
        assertThat(planning.get("json").get("Blue Line")).hasSize(3);
        assertThat(planning.get("difficulty_question").asText()).isIn("easy", "middle");
    }

    @Test
    void theNetworksAreReadBackWithTheirBranchesAndLoops() throws IOException {
        Files.writeString(folder.resolve("stations/norway/oslo.json"), """
                {"1": ["A", "B", "C", "D", "x", "y"], "2": ["C", "L", "M"],
                 "3": ["M", "N (Branch-starting Station)", "O", "P"], "4": ["P", "Q", "R", "Q", "S"]}""");
        Path layouts = folder.resolve("layouts/norway/oslo.json");
        Files.createDirectories(layouts.getParent());
        Files.writeString(
                layouts,
                "{\"1\": {\"branches\": [{\"from\": \"B\", \"first\": \"x\"}], \"joins\": [[\"A\", \"D\"]]},"
                        + " \"2\": {\"loop\": true}, \"4\": {}}");
        DataSetExport.write(folder, out, 3, 2);
        assertThat(CityFolder.read(out, "oslo"::equals)
                        .cities()
                        .getFirst()
                        .tidy()
                        .network())
                .isEqualTo(CityFolder.read(folder, "oslo"::equals)
                        .cities()
                        .getFirst()
                        .tidy()
                        .network());
    }

    @Test
    void leavesNothingWhenItFails() throws IOException {
        Files.writeString(folder.resolve("stations/norway/oslo.json"), "[]");
        assertThatThrownBy(() -> DataSetExport.write(folder, out, 3, 2)).isInstanceOf(InvalidDataException.class);
        Files.writeString(folder.resolve("stations/norway/oslo.json"), STATIONS);
        Files.createDirectories(out.resolve("mine"));
        assertThatThrownBy(() -> DataSetExport.write(folder, out, 3, 2)).isInstanceOf(IOException.class);
        try (var left = Files.list(temp)) {
            assertThat(left).containsExactlyInAnyOrder(folder, out);
        }
    }
}
