package io.railhead.app.report;

import io.railhead.app.run.Item;
import io.railhead.transit.Difficulty;
import io.railhead.transit.Question;
import io.railhead.transit.QuestionType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/// How many questions a data set has of each type about each city, planning ones by their difficulty.
public final class QuestionTable {
    private QuestionTable() {}

    /// A line a city, and their sum.
    public static String of(List<Item> items) {
        Map<String, List<Question>> byCity = new LinkedHashMap<>();
        for (Question question : questions(items)) {
            byCity.computeIfAbsent(question.city(), _ -> new ArrayList<>()).add(question);
        }
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%-24s %-7s", "city", "map"));
        columns().keySet().forEach(name -> text.append(String.format(Locale.ROOT, " %9s", name)));
        text.append('\n');
        byCity.forEach((city, questions) ->
                append(text, city, questions.getFirst().mapDifficulty().wireName(), questions));
        append(text, "all", "", questions(items));
        return text.toString();
    }

    private static List<Question> questions(List<Item> items) {
        return items.stream()
                .map(item -> item.requireMap("the table of cities").question())
                .toList();
    }

    private static void append(StringBuilder text, String city, String map, List<Question> questions) {
        text.append(String.format(Locale.ROOT, "%-24s %-7s", city, map));
        columns()
                .values()
                .forEach(wanted -> text.append(String.format(
                        Locale.ROOT, " %9d", questions.stream().filter(wanted).count())));
        text.append('\n');
    }

    private static Map<String, Predicate<Question>> columns() {
        Map<String, Predicate<Question>> columns = new LinkedHashMap<>();
        for (QuestionType type : QuestionType.values()) {
            if (type != QuestionType.PLANNING) {
                columns.put(type.wireName(), question -> question.type() == type);
            }
        }
        for (Difficulty difficulty : Difficulty.values()) {
            columns.put(
                    "plan " + shortName(difficulty),
                    question -> question.type() == QuestionType.PLANNING && question.difficulty() == difficulty);
        }
        columns.put("all", _ -> true);
        return columns;
    }

    private static String shortName(Difficulty difficulty) {
        return switch (difficulty) {
            case EASY -> "0";
            case MIDDLE -> "1";
            case HARD -> "2+";
        };
    }
}
