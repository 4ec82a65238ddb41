package io.railhead.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.railhead.transit.Difficulty;
import io.railhead.transit.QuestionType;
import io.railhead.transit.data.Split;
import io.railhead.transit.data.TaskItem;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    private final TaskSource source = TaskSource.of(DataSettings.from(ConfigFactory.defaultReference()), Split.TEST);

    @Test
    void choosesEachTypeEquallyOftenAndEveryDifficulty() {
        List<TaskItem> chosen = Evaluation.choose(source.items(), 120);
        Map<QuestionType, Long> types = chosen.stream()
                .collect(Collectors.groupingBy(item -> item.question().type(), Collectors.counting()));
        assertThat(types.values()).hasSize(6).containsOnly(20L);
        assertThat(chosen.stream().map(item -> item.question().mapDifficulty()).distinct())
                .containsExactlyInAnyOrder(Difficulty.values());
        assertThat(Evaluation.choose(source.items(), 120)).isEqualTo(chosen);
    }

    @Test
    void whatAScarceTypeLeavesGoesToTheOthers() {
        List<TaskItem> items = source.items().stream()
                .filter(item -> item.question().type() != QuestionType.COUNTING3)
                .collect(Collectors.toList());
        source.items().stream()
                .filter(item -> item.question().type() == QuestionType.COUNTING3)
                .limit(2)
                .forEach(items::add);
        assertThat(Evaluation.choose(items, 62)).hasSize(62);
    }

    @Test
    void choosesAllWhenThereAreNoMore() {
        assertThat(Evaluation.choose(source.items(), Integer.MAX_VALUE))
                .hasSameSizeAs(source.items())
                .doesNotHaveDuplicates();
    }
}
