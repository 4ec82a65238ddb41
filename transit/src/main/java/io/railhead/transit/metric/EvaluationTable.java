package io.railhead.transit.metric;

import io.railhead.transit.Difficulty;
import io.railhead.transit.Question;
import io.railhead.transit.QuestionType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/// Verdicts, counted up into the accuracies that the papers report. Rows without an item are left out.
///
/// Plain rows count each item once: `overall`, each type, each map difficulty, planning by question difficulty.
/// Weighted
/// rows are the papers' headline numbers: `ReasonMap` (planning), `ReasonMap-Plus` (all else) and its two groups.
public final class EvaluationTable {
    private final List<Outcome> outcomes = new ArrayList<>();

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
        addRow(rows, "ReasonMap", Weighting.REASONMAP, o -> isIn(o, QuestionType.Group.PLANNING));
        addRow(rows, "ReasonMap-Plus", Weighting.REASONMAP_PLUS, o -> !isIn(o, QuestionType.Group.PLANNING));
        addRow(rows, "ReasonMap-Plus counting", Weighting.REASONMAP_PLUS, o -> isIn(o, QuestionType.Group.COUNTING));
        addRow(
                rows,
                "ReasonMap-Plus true or false",
                Weighting.REASONMAP_PLUS,
                o -> isIn(o, QuestionType.Group.TRUE_OR_FALSE));
        return List.copyOf(rows);
    }

    /// The table for people: percentages with their 95 % intervals.
    public String text() {
        var text = new StringBuilder();
        append(text, "accuracy", rows());
        append(text, "weighted accuracy", weightedRows());
        return text.toString();
    }

    private void addRow(List<Accuracy> rows, String name, Weighting weighting, Predicate<Outcome> wanted) {
        List<Outcome> chosen = outcomes.stream().filter(wanted).toList();
        if (!chosen.isEmpty()) {
            rows.add(Accuracy.of(name, weighting, chosen));
        }
    }

    private static boolean isIn(Outcome outcome, QuestionType.Group group) {
        return outcome.type().group() == group;
    }

    private static void append(StringBuilder text, String title, List<Accuracy> rows) {
        text.append(String.format(Locale.ROOT, "%-30s %7s %7s %7s  %s\n", title, "right", "of", "%", "95 % interval"));
        for (Accuracy row : rows) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %-28s %7d %7d %7.2f  %.2f - %.2f\n",
                    row.name(),
                    row.correct(),
                    row.total(),
                    100 * row.accuracy(),
                    100 * row.low(),
                    100 * row.high()));
        }
    }
}
