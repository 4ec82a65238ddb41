package io.railhead.app.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The dashboard of `deploy/grafana` against the table of metrics.
class GrafanaTest {
    private static final int WIDTH = 24;

    private static JsonNode dashboard;
    private static String metrics;

    @BeforeAll
    static void read() throws IOException {
        Path root = Manifests.root().resolve("../..").normalize();
        dashboard = new ObjectMapper()
                .readTree(root.resolve("deploy/grafana/railhead.json").toFile());
        metrics = Files.readString(root.resolve("docs/metrics.md"));
    }

    @Test
    void everyFamilyIsShownAndNoOther() {
        assertThat(found("railhead_[a-z_]+", expressions()))
                .isEqualTo(found("(?m)(?<=^\\| `)railhead_[a-z_]+", List.of(metrics)));
    }

    @Test
    void everyStepMetricThatIsShownHasItsRow() {
        assertThat(found("(?<=name=\")[^\"]+", expressions()))
                .isNotEmpty()
                .allMatch(name -> metrics.contains("\n| `" + name + "` |"));
    }

    @Test
    void everyExpressionIsOfTheChosenRun() {
        assertThat(expressions()).allMatch(expression -> expression.contains("{job=\"$job\""));
    }

    @Test
    void everyPanelSaysWhatItShowsAndWhereFrom() {
        for (JsonNode panel : dashboard.path("panels")) {
            if (!panel.path("type").asText().equals("row")) {
                assertThat(panel.path("description").asText())
                        .as(panel.path("title").asText())
                        .isNotEmpty();
                assertThat(panel.path("datasource").path("uid").asText()).isEqualTo("${datasource}");
            }
        }
    }

    @Test
    void panelsHaveIdsOfTheirOwnAndDoNotOverlap() {
        Set<Integer> ids = new HashSet<>();
        Set<List<Integer>> cells = new HashSet<>();
        for (JsonNode panel : dashboard.path("panels")) {
            assertThat(ids.add(panel.path("id").asInt())).isTrue();
            JsonNode at = panel.path("gridPos");
            assertThat(at.path("x").asInt() + at.path("w").asInt()).isLessThanOrEqualTo(WIDTH);
            for (int x = 0; x < at.path("w").asInt(); x++) {
                for (int y = 0; y < at.path("h").asInt(); y++) {
                    assertThat(cells.add(List.of(
                                    at.path("x").asInt() + x, at.path("y").asInt() + y)))
                            .as(panel.path("title").asText())
                            .isTrue();
                }
            }
        }
    }

    private static List<String> expressions() {
        List<String> expressions = new ArrayList<>();
        dashboard
                .path("panels")
                .forEach(panel -> panel.path("targets")
                        .forEach(target -> expressions.add(target.path("expr").asText())));
        assertThat(expressions).hasSizeGreaterThan(30);
        return expressions;
    }

    private static Set<String> found(String pattern, List<String> texts) {
        Set<String> found = new TreeSet<>();
        for (String text : texts) {
            Matcher matcher = Pattern.compile(pattern).matcher(text);
            while (matcher.find()) {
                found.add(matcher.group());
            }
        }
        return found;
    }
}
