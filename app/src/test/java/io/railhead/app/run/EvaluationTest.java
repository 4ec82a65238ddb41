package io.railhead.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.railhead.transit.QuestionType;
import io.railhead.transit.data.Split;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    private static final String COUNTING3 = QuestionType.COUNTING3.wireName();

    private final TaskSource source = TaskSource.of(DataSettings.from(ConfigFactory.defaultReference()), Split.TEST);

    @Test
    void choosesEachTypeEquallyOftenAndEveryDifficulty() {
        List<Item> chosen = Evaluation.choose(source.items(), 120);
        Map<String, Long> types = chosen.stream().collect(Collectors.groupingBy(Item::kind, Collectors.counting()));
        assertThat(types.values()).hasSize(6).containsOnly(20L);
        assertThat(chosen.stream().map(item -> item.difficulty()).distinct())
                .containsExactlyInAnyOrder("easy", "middle", "hard");
        assertThat(Evaluation.choose(source.items(), 120)).isEqualTo(chosen);
    }

    @Test
    void whatAScarceTypeLeavesGoesToTheOthers() {
        List<Item> items = source.items().stream()
                .filter(item -> !item.kind().equals(COUNTING3))
                .collect(Collectors.toList());
        source.items().stream()
                .filter(item -> item.kind().equals(COUNTING3))
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
