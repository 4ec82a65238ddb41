package io.railhead.transit.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.transit.Difficulty;
import io.railhead.transit.QuestionType;
import io.railhead.transit.map.GeneratedMap;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GeneratedTasksTest {
    @Test
    void everyTypeAndDifficultyIsThere() {
        TaskSet tasks = GeneratedTasks.of(1, 4, 2, Split.TRAIN);
        Map<QuestionType, Long> types = tasks.items().stream()
                .collect(Collectors.groupingBy(item -> item.question().type(), Collectors.counting()));
        assertThat(types)
                .isEqualTo(Map.of(
                        QuestionType.TORF1, 24L,
                        QuestionType.TORF2, 24L,
                        QuestionType.COUNTING1, 24L,
                        QuestionType.COUNTING2, 24L,
                        QuestionType.COUNTING3, 12L,
                        QuestionType.PLANNING, 24L));
        for (Difficulty difficulty : Difficulty.values()) {
            assertThat(tasks.filter(item -> item.question().mapDifficulty() == difficulty)
                            .size())
                    .isEqualTo(44);
        }
        assertThat(tasks.ofType(QuestionType.COUNTING3).size()).isEqualTo(12);
    }

    @Test
    void theSameSeedGivesTheSameQuestionsAndPictures() throws IOException {
        TaskSet one = GeneratedTasks.of(3, 2, 2, Split.TRAIN);
        TaskSet two = GeneratedTasks.of(3, 2, 2, Split.TRAIN);
        assertThat(one.items().stream().map(TaskItem::question))
                .isEqualTo(two.items().stream().map(TaskItem::question).toList());
        assertThat(one.items().getLast().image().load())
                .isEqualTo(two.items().getLast().image().load());
    }

    @Test
    void itemsOfOneMapShareItsPicture() {
        TaskSet tasks = GeneratedTasks.of(3, 2, 3, Split.TEST);
        assertThat(tasks.items().stream().map(TaskItem::image).distinct().count())
                .isEqualTo(6);
        assertThat(tasks.items().stream()
                        .map(item -> item.image().name())
                        .distinct()
                        .count())
                .isEqualTo(6);
    }

    @Test
    void noNetworkIsInBothSplitsWhateverTheSeeds() {
        var trained = new HashSet<Object>();
        for (long seed = 0; seed < 20; seed++) {
            GeneratedTasks.maps(seed, 10, Split.TRAIN).forEach(map -> trained.add(structure(map)));
        }
        for (long seed = 0; seed < 20; seed++) {
            assertThat(GeneratedTasks.maps(seed, 10, Split.TEST)).noneMatch(map -> trained.contains(structure(map)));
            for (int round = 0; round < 100; round++) {
                for (Difficulty difficulty : Difficulty.values()) {
                    assertThat(GeneratedTasks.mapSeed(seed, round, difficulty, Split.TRAIN) & 1)
                            .isZero();
                    assertThat(GeneratedTasks.mapSeed(seed, round, difficulty, Split.TEST) & 1)
                            .isOne();
                }
            }
        }
    }

    private static List<Object> structure(GeneratedMap map) {
        return List.of(map.network().lines(), map.cells());
    }
}
