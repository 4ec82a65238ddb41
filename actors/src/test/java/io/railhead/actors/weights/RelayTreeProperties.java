package io.railhead.actors.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RelayTreeProperties {
    @Example
    void eightNodesInATreeOfArityTwo() {
        RelayTree tree = new RelayTree(2, "root");
        List<String> nodes = List.of("a", "b", "c", "d", "e", "f", "g", "h");
        assertThat(IntStream.range(0, 8).mapToObj(i -> tree.sources(nodes, i)))
                .containsExactly(
                        List.of("root"),
                        List.of("root"),
                        List.of("a", "root"),
                        List.of("a", "root"),
                        List.of("b", "root"),
                        List.of("b", "root"),
                        List.of("c", "a", "root"),
                        List.of("c", "a", "root"));
    }

    @Property
    void noNodeHasMoreChildrenThanTheArity(
            @ForAll @IntRange(min = 1, max = 5) int arity, @ForAll @IntRange(max = 100) int count) {
        Map<String, Integer> children = new HashMap<>();
        for (int i = 0; i < count; i++) {
            children.merge(sources(arity, count, i).getFirst(), 1, Integer::sum);
        }
        assertThat(children.values()).allMatch(n -> n <= arity);
    }

    @Property
    void everybodyAsksOnlyThoseBeforeItAndTheRootAtLast(
            @ForAll @IntRange(min = 1, max = 5) int arity, @ForAll @IntRange(min = 1, max = 100) int count) {
        for (int i = 0; i < count; i++) {
            List<String> sources = sources(arity, count, i);
            assertThat(sources.getLast()).isEqualTo("root");
            int self = i;
            assertThat(sources.subList(0, sources.size() - 1)).allMatch(source -> Integer.parseInt(source) < self);
            assertThat(sources).doesNotHaveDuplicates();
        }
    }

    private static List<String> sources(int arity, int count, int index) {
        List<String> nodes =
                IntStream.range(0, count).mapToObj(Integer::toString).toList();
        return new RelayTree(arity, "root").sources(nodes, index);
    }
}
