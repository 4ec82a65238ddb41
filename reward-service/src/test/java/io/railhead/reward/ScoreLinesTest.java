package io.railhead.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreLinesTest {
    private static final String ROUTE = "\"response\": \"Route Name: Line 1\\nDeparture Stop: A\\nArrival Stop: B\"";
    private static final String PLANNING = "\"type\": \"planning\", \"station_1\": \"A Station\", \"station_2\": "
            + "\"B Station\", \"difficulty_city\": \"hard\", \"question_transfer_count\": 0, " + ROUTE;

    private final ScoreLines lines =
            new ScoreLines(RewardProfile.REFERENCE.function(RewardWeights.DEFAULT), Optional.empty());

    @Test
    void answersLineByLineInOrder() throws IOException {
        List<String> verdicts = new ArrayList<>();
        String items = """
                {"id": "a", "type": "TorF1", "response": "yes", "answer": 1, "difficulty_city": "easy"}

                {"id": 2, %s, "stations": {"Line 1": ["A Station", "B Station (Transfer Station)"]}}
                """.formatted(PLANNING);

        lines.scoreAll(new BufferedReader(new StringReader(items)), verdicts::add);

        assertThat(verdicts)
                .containsExactly(
                        "{\"id\":\"a\",\"score\":10.0,\"correct\":true,\"format\":0.0,\"detail\":0.0,\"weight\":1.0,"
                                + "\"notes\":[\"format 0.0: part of correctness in this profile\","
                                + "\"correctness 10.0: says 'yes'\"]}",
                        "{\"id\":2,\"score\":15.75,\"correct\":true,\"format\":0.0,\"detail\":1.0,\"weight\":1.5,"
                                + "\"notes\":[\"format 0.0: part of correctness in this profile\","
                                + "\"correctness 10.0: the route leads there\",\"detail/endpoints 2.0: both right\","
                                + "\"detail/segments -5.0: 5 for each beyond the transfer count\",\"detail/lines 4.0: by name\","
                                + "\"detail/transfers 0.0: 1 for each that is joined on the line\"]}");
    }

    @Test
    void readsTheStationsOfACityFromTheDirectory(@TempDir Path directory) throws IOException {
        Files.createDirectory(directory.resolve("land"));
        Files.writeString(directory.resolve("land/town.json"), "{\"Line 1\": [\"A Station\", \"B Station\"]}");
        ScoreLines withFiles =
                new ScoreLines(RewardProfile.REFERENCE.function(RewardWeights.DEFAULT), Optional.of(directory));

        assertThat(withFiles.score(1, "{\"id\": 1, " + PLANNING + ", \"city\": \"town\"}"))
                .startsWith("{\"id\":1,\"score\":15.75,");
        assertThat(withFiles.score(2, "{\"id\": 2, " + PLANNING + ", \"city\": \"land/town\"}"))
                .startsWith("{\"id\":2,\"score\":15.75,");
        assertThatThrownBy(() -> withFiles.score(3, "{\"id\": 3, " + PLANNING + ", \"city\": \"../town\"}"))
                .isInstanceOf(ScoreLineException.class)
                .hasMessageContaining("line 3: city is ../town");
    }

    @Test
    void namesLineAndFieldOfABadItem() {
        String item = "{\"id\": 1, \"type\": \"TorF1\", \"response\": \"yes\", \"answer\": 1, "
                + "\"difficulty_city\": \"easy\"}";
        assertThat(lines.score(1, item)).contains("\"score\":10.0");

        refused("{", "line 7: not JSON");
        refused(item + " {}", "line 7: not JSON");
        refused("[1]", "line 7: an item is a JSON object");
        refused(item.replace("\"id\": 1, ", ""), "line 7: id is missing");
        refused(item.replace("TorF1", "TorF7"), "line 7: type: question type 'TorF7'");
        refused(item.replace("\"yes\"", "3"), "line 7: response is 3, not a text");
        refused(item.replace("\"answer\": 1", "\"answer\": \"x\""), "line 7: answer key: answer is \"x\"");
        refused(item.replace("easy", "medium"), "line 7: difficulty_city: difficulty 'medium'");
        refused("{\"id\": 1, " + PLANNING + "}", "line 7: stations is missing");
        refused("{\"id\": 1, " + PLANNING + ", \"stations\": {\"Line 1\": 3}}", "line 7: stations: line 'Line 1'");
        refused("{\"id\": 1, " + PLANNING.replace("_2", "_3") + "}", "line 7: station_2 is missing");
        refused(
                "{\"id\": 1, " + PLANNING.replace("count\": 0", "count\": -1") + ", \"stations\": {\"L\": [\"A\"]}}",
                "line 7: answer key: question_transfer_count is -1");
    }

    private void refused(String item, String message) {
        assertThatThrownBy(() -> lines.score(7, item))
                .isInstanceOfSatisfying(
                        ScoreLineException.class,
                        e -> assertThat(e.lineNumber()).isEqualTo(7))
                .hasMessageStartingWith(message);
    }
}
