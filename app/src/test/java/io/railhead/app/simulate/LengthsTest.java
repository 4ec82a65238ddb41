package io.railhead.app.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.policy.GenerationRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LengthsTest {
    @Test
    void recordedLengthsComeInTheirGroupsAndEachGroupComes() {
        List<List<Integer>> groups = List.of(List.of(7, 7, 8), List.of(40, 44, 48), List.of(1, 2, 3));
        Lengths lengths = new Lengths.GivenGroups(groups);
        Set<List<Integer>> drawn = new HashSet<>();
        for (long lease = 0; lease < 100; lease++) {
            long seed = lease;
            drawn.add(IntStream.range(0, 3)
                    .mapToObj(i -> lengths.draw(seed, i, GenerationRequest.random(seed, i)))
                    .toList());
        }
        assertThat(drawn).containsExactlyInAnyOrderElementsOf(groups);
        assertThat(lengths.describe()).isEqualTo("those of 3 recorded groups, mean 17.8, longest 48");
    }
}
