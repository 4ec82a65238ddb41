package io.railhead.app.ablation;

import io.railhead.transit.PlanningForm;
import io.railhead.transit.QuestionType;
import io.railhead.transit.metric.Weighting;
import java.util.List;
import java.util.stream.IntStream;

/// The columns of RewardMap's tables, in their order. Accuracies are in per cent and weighted as in the papers.
public enum Measure {
    REASONMAP("ReasonMap S"),
    REASONMAP_LONG("ReasonMap L"),
    MAP_SCORE("map score S"),
    MAP_SCORE_LONG("map score L"),
    REASONMAP_PLUS("ReasonMap-Plus"),
    COUNTING("counting"),
    TRUE_OR_FALSE("true or false");

    private final String title;

    Measure(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }

    /// Where the answers that count stand in the list.
    int[] places(List<ArmAnswer> answers) {
        return IntStream.range(0, answers.size())
                .filter(i -> counts(answers.get(i)))
                .toArray();
    }

    double weight(ArmAnswer answer) {
        return Weighting.of(answer.type()).weight(answer.mapDifficulty(), answer.transfers());
    }

    double value(ArmAnswer answer) {
        return switch (this) {
            case MAP_SCORE, MAP_SCORE_LONG -> answer.mapScore();
            case REASONMAP, REASONMAP_LONG, REASONMAP_PLUS, COUNTING, TRUE_OR_FALSE -> answer.correct() ? 100 : 0;
        };
    }

    private boolean counts(ArmAnswer answer) {
        QuestionType.Group group = answer.type().group();
        boolean planning = group == QuestionType.Group.PLANNING;
        return switch (this) {
            case REASONMAP, MAP_SCORE -> planning && answer.form() == PlanningForm.SHORT;
            case REASONMAP_LONG, MAP_SCORE_LONG -> planning && answer.form() != PlanningForm.SHORT;
            case REASONMAP_PLUS -> !planning;
            case COUNTING -> group == QuestionType.Group.COUNTING;
            case TRUE_OR_FALSE -> group == QuestionType.Group.TRUE_OR_FALSE;
        };
    }
}
