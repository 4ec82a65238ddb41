package io.railhead.transit.data;

import io.railhead.transit.Difficulty;
import io.railhead.transit.Question;
import io.railhead.transit.QuestionGenerator;
import io.railhead.transit.QuestionType;
import io.railhead.transit.Seeds;
import io.railhead.transit.TransitNetwork;
import io.railhead.transit.answer.AnswerKey;
import io.railhead.transit.map.GeneratedMap;
import io.railhead.transit.map.MapGenerator;
import io.railhead.transit.map.MapPainter;
import java.util.ArrayList;
import java.util.List;

/// Tasks about generated maps, as many as wanted.
///
/// The lowest bit of a map's seed is its split, so no training seed is ever a test seed, whatever the seeds of the
/// sets.
public final class GeneratedTasks {
    private GeneratedTasks() {}

    /// Maps in rounds of easy, middle, hard; each with its questions in the order of the types. A map gives one
    /// Counting3 question, as there is only one to ask, and now and then fewer than asked for of another type.
    public static TaskSet of(long seed, int mapsPerDifficulty, int questionsPerTypePerMap, Split split) {
        return of(seed, mapsPerDifficulty, questionsPerTypePerMap, split, new MapPainter());
    }

    public static TaskSet of(
            long seed, int mapsPerDifficulty, int questionsPerTypePerMap, Split split, MapPainter painter) {
        var items = new ArrayList<TaskItem>();
        for (GeneratedMap map : maps(seed, mapsPerDifficulty, split)) {
            var image = new PaintedImage(map, painter);
            TransitNetwork network = map.network();
            var generator =
                    new QuestionGenerator(network, map.difficulty(), network.city(), questionSeed(seed, network));
            for (QuestionType type : QuestionType.values()) {
                for (Question question : generator.questions(type, questionsPerTypePerMap)) {
                    items.add(new TaskItem(question, AnswerKey.of(question, network), image));
                }
            }
        }
        return new TaskSet("generated-%s-%d".formatted(split.wireName(), seed), items);
    }

    /// The maps that the tasks of the same arguments ask about.
    public static List<GeneratedMap> maps(long seed, int mapsPerDifficulty, Split split) {
        var maps = new ArrayList<GeneratedMap>();
        for (int round = 0; round < mapsPerDifficulty; round++) {
            for (Difficulty difficulty : Difficulty.values()) {
                maps.add(MapGenerator.generate(mapSeed(seed, round, difficulty, split), difficulty));
            }
        }
        return List.copyOf(maps);
    }

    static long mapSeed(long seed, int round, Difficulty difficulty, Split split) {
        long mixed =
                Seeds.derive(Seeds.derive(seed, round), difficulty.wireName().hashCode());
        return switch (split) {
            case TRAIN -> mixed & ~1L;
            case TEST -> mixed | 1L;
        };
    }

    private static long questionSeed(long seed, TransitNetwork network) {
        return Seeds.derive(seed, network.city().hashCode());
    }
}
