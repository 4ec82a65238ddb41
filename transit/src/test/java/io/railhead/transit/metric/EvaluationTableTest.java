package io.railhead.transit.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.railhead.transit.Difficulty;
import io.railhead.transit.PlanningForm;
import io.railhead.transit.QuestionType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationTableTest {
    private static EvaluationTable mixed() {
        var table = new EvaluationTable();
        table.add(new Outcome(QuestionType.TORF1, Difficulty.EASY, 0, true));
        table.add(new Outcome(QuestionType.TORF2, Difficulty.HARD, 0, false));
        table.add(new Outcome(QuestionType.COUNTING2, Difficulty.MIDDLE, 0, true));
        table.add(new Outcome(QuestionType.PLANNING, Difficulty.HARD, 2, true));
        table.add(new Outcome(QuestionType.PLANNING, Difficulty.EASY, 0, false));
        return table;
    }

    private static List<String> summary(List<Accuracy> rows) {
        return rows.stream()
                .map(row -> "%s %d/%d %.4f".formatted(row.name(), row.correct(), row.total(), row.accuracy()))
                .toList();
    }

    @Test
    void countsEachItemOnceInPlainRowsAndLeavesEmptyOnesOut() {
        assertThat(summary(mixed().rows()))
                .containsExactly(
                        "overall 3/5 0.6000",
                        "TorF1 1/1 1.0000",
                        "TorF2 0/1 0.0000",
                        "Counting2 1/1 1.0000",
                        "planning 1/2 0.5000",
                        "easy maps 1/2 0.5000",
                        "middle maps 1/1 1.0000",
                        "hard maps 1/2 0.5000",
                        "easy planning 0/1 0.0000",
                        "hard planning 1/1 1.0000");
    }

    @Test
    void weighsItemsByDifficultyInWeightedRows() {
        assertThat(summary(mixed().weightedRows()))
                .containsExactly(
                        "ReasonMap 1/2 0.7500", // 3 of 3 + 1
                        "ReasonMap-Plus 2/3 0.5556", // 1 + 1.5 of 1 + 2 + 1.5
                        "ReasonMap-Plus counting 1/1 1.0000",
                        "ReasonMap-Plus true or false 1/2 0.3333"); // 1 of 1 + 2
    }

    @Test
    void intervalIsWilsons() {
        var outcomes = new ArrayList<Outcome>();
        for (int i = 0; i < 10; i++) {
            outcomes.add(new Outcome(QuestionType.TORF1, Difficulty.EASY, 0, i < 5));
        }
        Accuracy accuracy = Accuracy.of("five of ten", Weighting.NONE, outcomes);
        assertThat(accuracy.low()).isCloseTo(0.23659, within(1e-5));
        assertThat(accuracy.high()).isCloseTo(0.76341, within(1e-5));
    }

    @Test
    void intervalContainsItsAccuracyAtBothEnds() {
        for (boolean correct : List.of(true, false)) {
            var one = List.of(new Outcome(QuestionType.PLANNING, Difficulty.HARD, 1, correct));
            Accuracy accuracy = Accuracy.of("one item", Weighting.REASONMAP, one);
            assertThat(accuracy.accuracy()).isBetween(accuracy.low(), accuracy.high());
            assertThat(accuracy.low()).isBetween(0.0, 1.0);
            assertThat(accuracy.high()).isBetween(0.0, 1.0);
        }
    }

    @Test
    void nothingHasNoAccuracy() {
        assertThat(new EvaluationTable().rows()).isEmpty();
        assertThatThrownBy(() -> Accuracy.of("nothing", Weighting.NONE, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no outcome of nothing");
    }

    @Test
    void textHasALineForEachRow() {
        EvaluationTable table = mixed();
        assertThat(table.text().lines())
                .hasSize(3
                        + table.rows().size()
                        + table.weightedRows().size()
                        + table.means().size())
                .contains("  ReasonMap                          1       2   75.00  16.91 - 97.79");
    }

    @Test
    void longFormsHaveRowsAndMeansOfTheirOwn() {
        var table = new EvaluationTable(Intervals.BOOTSTRAP);
        table.add(new Outcome(QuestionType.PLANNING, Difficulty.EASY, 0, true, PlanningForm.SHORT, 15, 30));
        table.add(new Outcome(QuestionType.PLANNING, Difficulty.HARD, 2, false, PlanningForm.SHORT, 3, 50));
        table.add(new Outcome(QuestionType.PLANNING, Difficulty.EASY, 0, true, PlanningForm.VIA_COUNT, 35, 40));
        table.add(new Outcome(QuestionType.PLANNING, Difficulty.EASY, 0, false, PlanningForm.VIA_STOPS, 5, 60));
        assertThat(summary(table.weightedRows()))
                .containsExactly(
                        "ReasonMap 1/2 0.2500",
                        "ReasonMap long 1/2 0.5000",
                        "ReasonMap long, via-count 1/1 1.0000",
                        "ReasonMap long, via-stops 0/1 0.0000");
        assertThat(table.means())
                .containsExactly(
                        new Mean("map score", 2, 6, 3, 15),
                        new Mean("map score, long", 2, 20, 5, 35),
                        new Mean("tokens, planning", 2, 40, 30, 50),
                        new Mean("tokens, planning, long", 2, 50, 40, 60));
    }
}
