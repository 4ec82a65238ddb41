package io.railhead.transit.data;

import io.railhead.transit.InvalidDataException;
import io.railhead.transit.Question;
import io.railhead.transit.QuestionGenerator;
import io.railhead.transit.QuestionType;
import io.railhead.transit.Seeds;
import io.railhead.transit.answer.AnswerKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/// Tasks about real cities, from a folder as [CityFolder] describes it.
///
/// @param skipped the cities of the split that have no picture, for the caller to report
/// @param repaired what was mended in the station files of the others
public record FolderTasks(TaskSet tasks, List<SkippedCity> skipped, List<RepairedCity> repaired) {
    public FolderTasks {
        skipped = List.copyOf(skipped);
        repaired = List.copyOf(repaired);
    }

    /// Questions about all cities of the split, in alphabetical order of country and city.
    ///
    /// @throws InvalidDataException if the folder has no station files, or a station file or picture cannot be read
    public static FolderTasks of(Path folder, long seed, int questionsPerTypePerCity, Split split) {
        return of(folder, seed, questionsPerTypePerCity, split, HoldOut.CITIES);
    }

    /// The same with a choice of what is held out.
    public static FolderTasks of(Path folder, long seed, int questionsPerTypePerCity, Split split, HoldOut holdOut) {
        CityFolder cities =
                CityFolder.read(folder, city -> holdOut == HoldOut.QUESTIONS || Cities.splitOf(city) == split);
        var items = new ArrayList<TaskItem>();
        for (City city : cities.cities()) {
            items.addAll(
                    switch (holdOut) {
                        case CITIES -> items(city, seed, questionsPerTypePerCity, _ -> true);
                        case QUESTIONS ->
                            items(
                                    city,
                                    seed,
                                    2 * questionsPerTypePerCity,
                                    ordinal -> splitOfQuestion(ordinal) == split);
                    });
        }
        return new FolderTasks(
                new TaskSet(folder.getFileName() + "-" + split.wireName(), items), cities.skipped(), cities.repaired());
    }

    /// As many questions of each type about one city as it has, up to a number.
    static List<TaskItem> items(City city, long seed, int questionsPerType, IntPredicate wanted) {
        var items = new ArrayList<TaskItem>();
        var network = city.tidy().network();
        var generator = new QuestionGenerator(
                network,
                city.difficulty(),
                city.id(),
                Seeds.derive(seed, city.id().hashCode()));
        for (QuestionType type : QuestionType.values()) {
            List<Question> questions = generator.questions(type, questionsPerType);
            for (int i = 0; i < questions.size(); i++) {
                if (wanted.test(i)) {
                    items.add(new TaskItem(questions.get(i), AnswerKey.of(questions.get(i), network), city.image()));
                }
            }
        }
        return items;
    }

    /// In pairs, since yes and no alternate; a type with one question only gives it to training.
    private static Split splitOfQuestion(int ordinal) {
        return ordinal / 2 % 2 == 0 ? Split.TRAIN : Split.TEST;
    }
}
