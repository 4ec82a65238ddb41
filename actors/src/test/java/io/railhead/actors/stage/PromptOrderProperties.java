package io.railhead.actors.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PromptOrderProperties {
    @Property(tries = 300)
    void everyEpochIsAPermutation(
            @ForAll @IntRange(min = 1, max = 200) int prompts,
            @ForAll long seed,
            @ForAll @IntRange(max = 50) int epoch) {
        PromptOrder order = PromptOrder.of(ids(prompts), seed);

        List<String> drawn = IntStream.range(0, prompts)
                .mapToObj(i -> order.at((long) epoch * prompts + i))
                .toList();

        assertThat(drawn).containsExactlyInAnyOrderElementsOf(ids(prompts));
    }

    @Property(tries = 100)
    void theOrderOfTheCatalogueIsIrrelevant(@ForAll @IntRange(min = 1, max = 100) int prompts, @ForAll long seed) {
        List<String> shuffled = new ArrayList<>(ids(prompts));
        Collections.shuffle(shuffled, new Random(seed));

        PromptOrder one = PromptOrder.of(ids(prompts), seed);
        PromptOrder other = PromptOrder.of(shuffled, seed);

        assertThat(IntStream.range(0, 2 * prompts).mapToObj(other::at))
                .containsExactlyElementsOf(
                        IntStream.range(0, 2 * prompts).mapToObj(one::at).toList());
    }

    @Property(tries = 100)
    void epochsAndSeedsDiffer(@ForAll @IntRange(min = 20, max = 200) int prompts, @ForAll long seed) {
        PromptOrder order = PromptOrder.of(ids(prompts), seed);
        PromptOrder other = PromptOrder.of(ids(prompts), seed + 1);
        List<String> first = IntStream.range(0, prompts).mapToObj(order::at).toList();

        assertThat(IntStream.range(prompts, 2 * prompts).mapToObj(order::at).toList())
                .isNotEqualTo(first);
        assertThat(IntStream.range(0, prompts).mapToObj(other::at).toList()).isNotEqualTo(first);
    }

    private static List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> "p" + i).toList();
    }
}
