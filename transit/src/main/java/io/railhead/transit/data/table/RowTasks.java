package io.railhead.transit.data.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.transit.Difficulty;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.PlanningForm;
import io.railhead.transit.Question;
import io.railhead.transit.QuestionType;
import io.railhead.transit.Route;
import io.railhead.transit.TransitNetwork;
import io.railhead.transit.answer.AnswerKey;
import io.railhead.transit.data.ImageSource;
import io.railhead.transit.data.TaskItem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes tasks of rows with the columns of ReasonMap (`question_short`, `question_long`, `routes`), ReasonMap-Plus
/// and ReasonMap-Train (`question`, `answer`, `type`). Station names are left as the row has them.
final class RowTasks {
    private static final String SHORT_QUESTION = "question_short";
    private static final String LONG_QUESTION = "question_long";

    private final Figures figures;
    private final RowNetworks networks;

    RowTasks(TableFolder folder) {
        figures = new Figures(folder);
        networks = new RowNetworks(folder);
    }

    /// @param ordinal a number that no other row has
    List<TaskItem> tasks(ObjectNode row, int ordinal) throws UnusableRow {
        QuestionType type =
                row.has(SHORT_QUESTION) ? QuestionType.PLANNING : QuestionType.ofWireName(text(row, "type"));
        String city = text(row, "city");
        String id = row.hasNonNull("id")
                ? row.get("id").asText()
                : "%s/%s/%s-%d".formatted(text(row, "country"), city, type.wireName(), ordinal);
        ImageSource image = figures.of(row.path("figure"));
        TransitNetwork network = needsNetwork(type, row) ? networks.of(row, city) : null;
        List<Route> own = type == QuestionType.PLANNING ? RowRoutes.listed(row) : List.of();
        List<Route> routes =
                type == QuestionType.PLANNING && own.isEmpty() ? RowRoutes.planned(row, networks.tidy(row, city)) : own;
        int transfers = row.hasNonNull("question_transfer_count")
                ? number(row, "question_transfer_count")
                : routes.isEmpty() ? 0 : routes.getFirst().transfers();
        var items = new ArrayList<TaskItem>();
        for (String column : List.of(SHORT_QUESTION, "question", LONG_QUESTION)) {
            if (row.hasNonNull(column)) {
                PlanningForm form =
                        type == QuestionType.PLANNING ? PlanningForm.of(text(row, column)) : PlanningForm.SHORT;
                var question = new Question(
                        column.equals(LONG_QUESTION) ? id + "-" + form.wireName() : id,
                        type,
                        city,
                        Difficulty.ofWireName(text(row, "difficulty_city")),
                        optional(row, "station_1"),
                        optional(row, "station_2"),
                        null,
                        type == QuestionType.PLANNING ? Question.NO_ANSWER_NUMBER : number(row, "answer"),
                        transfers,
                        text(row, column),
                        routes,
                        form);
                items.add(new TaskItem(question, key(question, network), image, !own.isEmpty()));
            }
        }
        if (items.isEmpty()) {
            throw new InvalidDataException("no column question or question_short");
        }
        return items;
    }

    /// Counting1 scores listed stops where the network is there; no other answer but a route needs it.
    private static boolean needsNetwork(QuestionType type, ObjectNode row) {
        return type == QuestionType.PLANNING || (type == QuestionType.COUNTING1 && row.hasNonNull("json"));
    }

    private static AnswerKey key(Question question, @Nullable TransitNetwork network) {
        return network == null
                ? new AnswerKey(
                        question.type(),
                        question.answer(),
                        question.station1(),
                        question.station2(),
                        question.mapDifficulty(),
                        question.questionTransferCount(),
                        new LinkedHashMap<>())
                : AnswerKey.of(question, network);
    }

    static String text(JsonNode row, String column) {
        if (!row.path(column).isTextual()) {
            throw new InvalidDataException("%s is %s, not a text".formatted(column, row.get(column)));
        }
        return row.get(column).textValue();
    }

    /// Whole numbers come as numbers, as texts, and from tables with gaps as fractions.
    static int number(JsonNode row, String column) {
        JsonNode value = row.path(column);
        if (value.isNumber() && value.asDouble() == value.asInt()) {
            return value.asInt();
        }
        try {
            return Integer.parseInt(value.asText().strip());
        } catch (NumberFormatException e) {
            throw new InvalidDataException("%s is %s, not a whole number".formatted(column, row.get(column)), e);
        }
    }

    private static @Nullable String optional(JsonNode row, String column) {
        return row.hasNonNull(column) && !row.get(column).asText().isBlank()
                ? row.get(column).asText()
                : null;
    }
}
