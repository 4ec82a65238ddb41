package io.railhead.transit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One question about one map, with its answer.
///
/// @param id unique within its data set
/// @param station1 the first station that is asked about, absent only in Counting3
/// @param station2 the second one: TorF1, Counting1 and planning
/// @param line the line that is asked about: TorF2
/// @param answer yes is 1 and no is 0; the index of the right option in Counting1; the number in Counting2 and 3; -1 in
///     planning
/// @param questionTransferCount the transfers of a best route in planning, else 0
/// @param text what is asked, in the published wording
/// @param routes the best routes in planning, else none
/// @param form what a planning question wants to be told; [PlanningForm#SHORT] for all others
public record Question(
        String id,
        QuestionType type,
        String city,
        Difficulty mapDifficulty,
        @Nullable String station1,
        @Nullable String station2,
        @Nullable String line,
        int answer,
        int questionTransferCount,
        String text,
        List<Route> routes,
        PlanningForm form) {
    public static final int NO_ANSWER_NUMBER = -1;

    /// A planning question in its short form, or any other question.
    public Question(
            String id,
            QuestionType type,
            String city,
            Difficulty mapDifficulty,
            @Nullable String station1,
            @Nullable String station2,
            @Nullable String line,
            int answer,
            int questionTransferCount,
            String text,
            List<Route> routes) {
        this(
                id,
                type,
                city,
                mapDifficulty,
                station1,
                station2,
                line,
                answer,
                questionTransferCount,
                text,
                routes,
                PlanningForm.SHORT);
    }

    public Question {
        routes = List.copyOf(routes);
        if ((type == QuestionType.PLANNING) == routes.isEmpty()) {
            throw new IllegalArgumentException("%s of type %s has %d routes".formatted(id, type, routes.size()));
        }
        if (!type.canHaveAnswer(answer)) {
            throw new IllegalArgumentException("%s of type %s has the answer %d".formatted(id, type, answer));
        }
        if (questionTransferCount < 0) {
            throw new IllegalArgumentException(id + " has " + questionTransferCount + " transfers");
        }
        if (type != QuestionType.PLANNING && form != PlanningForm.SHORT) {
            throw new IllegalArgumentException("%s of type %s in the form %s".formatted(id, type, form));
        }
    }

    /// How hard the question itself is: a planning question by its transfers, any other by its map.
    public Difficulty difficulty() {
        return type == QuestionType.PLANNING ? Difficulty.ofTransfers(questionTransferCount) : mapDifficulty;
    }

    /// This planning question with another wish; the long forms have ids of their own.
    public Question inForm(PlanningForm wanted) {
        if (type != QuestionType.PLANNING || form != PlanningForm.SHORT || station1 == null || station2 == null) {
            throw new IllegalArgumentException("%s has no form %s".formatted(id, wanted));
        }
        return wanted == PlanningForm.SHORT
                ? this
                : new Question(
                        id + "-" + wanted.wireName(),
                        type,
                        city,
                        mapDifficulty,
                        station1,
                        station2,
                        line,
                        answer,
                        questionTransferCount,
                        QuestionTexts.planning(station1, station2, wanted),
                        routes,
                        wanted);
    }

    /// A response that is right and has the form that was asked for: what supervised training imitates.
    public String referenceResponse() {
        return switch (type) {
            case TORF1, TORF2 -> boxed(answer == 1 ? "yes" : "no");
            case COUNTING1 -> boxed(String.valueOf("ABCD".charAt(answer)));
            case COUNTING2, COUNTING3 -> boxed(Integer.toString(answer));
            case PLANNING -> routes.getFirst().text(form);
        };
    }

    private static String boxed(String content) {
        return "\\boxed{" + content + "}";
    }
}
