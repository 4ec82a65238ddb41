package io.railhead.transit.metric;

import io.railhead.transit.Difficulty;
import io.railhead.transit.PlanningForm;
import io.railhead.transit.Question;
import io.railhead.transit.QuestionType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/// Verdicts, counted up into the accuracies that the papers report. Rows without an item are left out.
///
/// Plain rows count each item once: `overall`, each type, each map difficulty, planning by question difficulty.
/// Weighted rows are the papers' headline numbers: `ReasonMap` (planning in the short form) and `ReasonMap long`
/// with its two kinds, `ReasonMap-Plus` (all else) and its two groups. Means are those of map scores, weighted
/// alike, and of tokens.
public final class EvaluationTable {
    private static final String LONG = "ReasonMap long";

    private final List<Outcome> outcomes = new ArrayList<>();
    private final Intervals intervals;

    public EvaluationTable() {
        this(Intervals.WILSON);
    }

    public EvaluationTable(Intervals intervals) {
        this.intervals = intervals;
    }

    public void add(Question question, boolean correct) {
        add(Outcome.of(question, correct));
    }

    public void add(Outcome outcome) {
        outcomes.add(outcome);
    }

    public int size() {
        return outcomes.size();
    }

    public List<Accuracy> rows() {
        var rows = new ArrayList<Accuracy>();
        addRow(rows, "overall", Weighting.NONE, _ -> true);
        for (QuestionType type : QuestionType.values()) {
            addRow(rows, type.wireName(), Weighting.NONE, outcome -> outcome.type() == type);
        }
        for (Difficulty difficulty : Difficulty.values()) {
            addRow(rows, difficulty.wireName() + " maps", Weighting.NONE, o -> o.mapDifficulty() == difficulty);
        }
        for (Difficulty difficulty : Difficulty.values()) {
            addRow(
                    rows,
                    difficulty.wireName() + " planning",
                    Weighting.NONE,
                    o -> isIn(o, QuestionType.Group.PLANNING) && Difficulty.ofTransfers(o.transfers()) == difficulty);
        }
        return List.copyOf(rows);
    }

    public List<Accuracy> weightedRows() {
        var rows = new ArrayList<Accuracy>();
        addRow(rows, "ReasonMap", Weighting.REASONMAP, o -> isPlanning(o, PlanningForm.SHORT));
        addRow(rows, LONG, Weighting.REASONMAP, EvaluationTable::isLong);
        addRow(rows, LONG + ", via-count", Weighting.REASONMAP, o -> isPlanning(o, PlanningForm.VIA_COUNT));
        addRow(rows, LONG + ", via-stops", Weighting.REASONMAP, o -> isPlanning(o, PlanningForm.VIA_STOPS));
        addRow(rows, "ReasonMap-Plus", Weighting.REASONMAP_PLUS, o -> !isIn(o, QuestionType.Group.PLANNING));
        addRow(rows, "ReasonMap-Plus counting", Weighting.REASONMAP_PLUS, o -> isIn(o, QuestionType.Group.COUNTING));
        addRow(
                rows,
                "ReasonMap-Plus true or false",
                Weighting.REASONMAP_PLUS,
                o -> isIn(o, QuestionType.Group.TRUE_OR_FALSE));
        return List.copyOf(rows);
    }

    /// Map scores (short 0 to 20, long 0 to 40) and tokens.
    public List<Mean> means() {
        var rows = new ArrayList<Mean>();
        addMean(rows, "map score", Weighting.REASONMAP, o -> isPlanning(o, PlanningForm.SHORT), Outcome::mapScore);
        addMean(rows, "map score, long", Weighting.REASONMAP, EvaluationTable::isLong, Outcome::mapScore);
        for (QuestionType.Group group : QuestionType.Group.values()) {
            String name = "tokens, " + group.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            addMean(rows, name, Weighting.NONE, o -> isIn(o, group) && !isLong(o), Outcome::tokens);
        }
        addMean(rows, "tokens, planning, long", Weighting.NONE, EvaluationTable::isLong, Outcome::tokens);
        return List.copyOf(rows);
    }

    /// The table for people: percentages with their 95 % intervals.
    public String text() {
        return Accuracy.table("accuracy", rows())
                + Accuracy.table("weighted accuracy", weightedRows())
                + Mean.table(means());
    }

    private void addRow(List<Accuracy> rows, String name, Weighting weighting, Predicate<Outcome> wanted) {
        List<Outcome> chosen = outcomes.stream().filter(wanted).toList();
        if (!chosen.isEmpty()) {
            rows.add(Accuracy.of(name, weighting, chosen, intervals));
        }
    }

    private void addMean(
            List<Mean> rows,
            String name,
            Weighting weighting,
            Predicate<Outcome> wanted,
            ToDoubleFunction<Outcome> value) {
        List<Outcome> chosen = outcomes.stream().filter(wanted).toList();
        if (!chosen.isEmpty()) {
            rows.add(Mean.of(name, weighting, chosen, value));
        }
    }

    private static boolean isPlanning(Outcome outcome, PlanningForm form) {
        return isIn(outcome, QuestionType.Group.PLANNING) && outcome.form() == form;
    }

    private static boolean isLong(Outcome outcome) {
        return outcome.form() != PlanningForm.SHORT;
    }

    private static boolean isIn(Outcome outcome, QuestionType.Group group) {
        return outcome.type().group() == group;
    }
}
