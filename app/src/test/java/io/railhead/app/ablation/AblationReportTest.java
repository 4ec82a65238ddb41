package io.railhead.app.ablation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.railhead.transit.data.GeneratedTasks;
import io.railhead.transit.data.Split;
import io.railhead.transit.data.TaskItem;
import io.railhead.transit.metric.EvaluationTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AblationReportTest {
    private static final List<ArmResult> RESULTS = List.of(
            Answers.result(Arm.BASE, 0, 0, false, false, true, false),
            Answers.result("rewardmap", 1, 60, true, false, true, true),
            Answers.result("rl-baseline", 1, 30, false, true, true, false),
            Answers.result("rewardmap", 2, 90, true, true, true, true));

    @Test
    void theTextIsThePapersTable() {
        AblationTable table = AblationTable.of(Arms.builtIn(), RESULTS, List.of("rl-baseline"));
        assertThat(new AblationReport(table).text()).isEqualTo(GOLDEN);
    }

    @Test
    void theMarkdownHasTheSameCells() {
        AblationTable table = AblationTable.of(Arms.builtIn(), RESULTS, List.of("rl-baseline"));
        assertThat(new AblationReport(table).markdown())
                .startsWith("# Ablation\n")
                .contains(
                        "| arm | seeds | ReasonMap S | map score S | ReasonMap-Plus | counting | true or false |",
                        "| rewardmap | 2 | 87.5 (0.0 to 100.0) |",
                        "## Difference to rl-baseline",
                        "| rewardmap | 31.51 | 31.77 | 6.21 | 11.22 | 74.25 | 72.18 | 76.42 |",
                        "single runs",
                        "- `rewardmap`: judging, counting");
    }

    @Test
    void theJsonHasEachMeasureWithItsInterval() throws IOException {
        AblationTable table = AblationTable.of(Arms.builtIn(), RESULTS, List.of(Arm.BASE));
        JsonNode json = new JsonMapper().readTree(new AblationReport(table).json());
        assertThat(json.path("arms")).hasSize(3);
        JsonNode rewardmap = json.path("arms").get(2);
        assertThat(rewardmap.path("arm").asText()).isEqualTo("rewardmap");
        assertThat(rewardmap.path("seconds").asDouble()).isEqualTo(75);
        assertThat(rewardmap.path("measures").path("reasonmap").path("mean").asDouble())
                .isEqualTo(87.5);
        assertThat(rewardmap.path("paper_7b_single_run").path("reasonmap").asDouble())
                .isEqualTo(31.51);
        JsonNode difference = json.path("differences").get(1);
        assertThat(difference.path("seeds")).hasSize(2);
        assertThat(difference
                        .path("measures")
                        .path("true_or_false")
                        .path("mean")
                        .asDouble())
                .isEqualTo(100);
    }

    @Test
    void simulatedTimesAreSaidToBe() {
        List<ArmResult> results =
                List.of(RESULTS.getFirst(), Answers.result("waiting-staleness-1", 1, 60, true, false, true, true));
        AblationReport report = new AblationReport(AblationTable.of(Arms.builtIn(), results, List.of()));
        assertThat(report.text()).contains("Timing is simulated").contains("waiting-staleness-1 (50 ms)");
        assertThat(report.json()).contains("\"simulated_wait_millis\":50");
    }

    @Test
    void noResultMakesNoTable() {
        assertThat(new AblationReport(AblationTable.of(Arms.builtIn(), List.of(), List.of())).text())
                .contains("Held-out questions");
    }

    @Test
    void theMeasuresAreThoseOfAnEvaluation() {
        EvaluationTable evaluated = new EvaluationTable();
        List<ArmAnswer> answers = new ArrayList<>();
        for (TaskItem item : GeneratedTasks.of(2, 5, 3, Split.TEST).items()) {
            var question = item.question();
            boolean correct = question.id().hashCode() % 3 == 0;
            evaluated.add(question, correct);
            answers.add(new ArmAnswer(
                    question.id(),
                    question.type(),
                    question.form(),
                    question.mapDifficulty(),
                    question.questionTransferCount(),
                    correct,
                    0,
                    1));
        }
        AblationTable table = AblationTable.of(Arms.builtIn(), List.of(ArmResult.ofBase(answers)), List.of());
        Map<String, Measure> measures = Map.of(
                "ReasonMap", Measure.REASONMAP,
                "ReasonMap-Plus", Measure.REASONMAP_PLUS,
                "ReasonMap-Plus counting", Measure.COUNTING,
                "ReasonMap-Plus true or false", Measure.TRUE_OR_FALSE);
        assertThat(evaluated.weightedRows())
                .hasSameSizeAs(measures.keySet())
                .allSatisfy(row -> assertThat(requireNonNull(
                                        table.rows().getFirst().estimates().get(measures.get(row.name())))
                                .mean())
                        .isCloseTo(100 * row.accuracy(), offset(1e-9)));
    }

    private static final String GOLDEN = """
            Held-out questions after training
            arm          seeds          ReasonMap S         map score S          ReasonMap-Plus                counting           true or false  steps  responses  minutes  s/step
            base             -     0.0 (0.0 to 0.0)    0.0 (0.0 to 0.0)     50.0 (0.0 to 100.0)  100.0 (100.0 to 100.0)        0.0 (0.0 to 0.0)      -          -        -       -
            rl-baseline      1  25.0 (0.0 to 100.0)   5.0 (0.0 to 20.0)     50.0 (0.0 to 100.0)  100.0 (100.0 to 100.0)        0.0 (0.0 to 0.0)     10       1280      0.5    3.00
            rewardmap        2  87.5 (0.0 to 100.0)  17.5 (0.0 to 20.0)  100.0 (100.0 to 100.0)  100.0 (100.0 to 100.0)  100.0 (100.0 to 100.0)     10       1280      1.3    7.50
            Mean over seeds, with a 95 % interval by drawing questions and seeds anew (2,000 times; questions alone where there is one seed). Accuracies in per cent, weighted as in the papers.

            Difference to rl-baseline
            arm        seeds               ReasonMap S             map score S          ReasonMap-Plus             counting              true or false
            base           1    -25.0 (-100.0 to +0.0)    -5.0 (-20.0 to +0.0)     +0.0 (+0.0 to +0.0)  +0.0 (+0.0 to +0.0)        +0.0 (+0.0 to +0.0)
            rewardmap      1  +50.0 (-100.0 to +100.0)  +10.0 (-20.0 to +20.0)  +50.0 (+0.0 to +100.0)  +0.0 (+0.0 to +0.0)  +100.0 (+100.0 to +100.0)
            Differences are taken question by question and seed by seed, with intervals of the same kind.

            RewardMap as published
            arm          ReasonMap S  ReasonMap L  map score S  map score L  ReasonMap-Plus  counting  true or false
            base               13.28         7.12         4.01         5.74           44.21     37.39          51.32
            rl-baseline        29.51        29.51         6.00        10.41           67.61     68.37          66.82
            rewardmap          31.51        31.77         6.21        11.22           74.25     72.18          76.42
            The paper's own figures, of Qwen2.5-VL-7B on ReasonMap and ReasonMap-Plus; single runs, no intervals.
            """;
}
