package io.railhead.actors.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class RelayOrderProperties {
    /// @param joins nodes in the order in which they are told, some of them again
    @Property
    void aPlaceThatWasGivenStaysGivenAndTheRootHasNoMoreChildrenThanTheTreeAllows(
            @ForAll @IntRange(min = 1, max = 4) int arity,
            @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 20) Integer> joins) {
        RelayTree tree = new RelayTree(arity, "root");
        RelayOrder order = RelayOrder.NONE;
        Map<String, List<String>> told = new HashMap<>();
        for (int join : joins) {
            String node = "node-" + join;
            order = order.with(node);
            List<String> sources = order.sources(tree, node);
            assertThat(told.getOrDefault(node, sources)).isEqualTo(sources);
            told.put(node, sources);
        }
        assertThat(told.values().stream().filter(List.of("root")::equals).count())
                .isLessThanOrEqualTo(arity);
    }
}
