package io.railhead.actors.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.actors.protocol.WeightsCommand.Manifest;
import io.railhead.actors.weights.delta.BlockWorkers;
import io.railhead.actors.weights.delta.ContentSums;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.WeightsSnapshot;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WeightsStoreTest {
    @Test
    void givesBackTheVerySnapshotOfAVersion() {
        WeightsStore store = new WeightsStore(2);
        WeightsSnapshot snapshot = SampleWeights.of(4);
        assertThat(store.put(snapshot)).isEqualTo(new Manifest(new PolicyVersion(4), rootOf(snapshot), 11, "memory:"));
        assertThat(store.get(new PolicyVersion(4)).orElseThrow()).isSameAs(snapshot);
        assertThat(store.newest().orElseThrow()).isSameAs(snapshot);
        assertThat(store.get(new PolicyVersion(5))).isEmpty();
    }

    @Test
    void keepsOnlyTheNewestVersions() {
        WeightsStore store = new WeightsStore(2);
        LongStream.range(0, 5).forEach(v -> store.put(SampleWeights.of(v)));
        List<Boolean> here = LongStream.range(0, 5)
                .mapToObj(v -> store.get(new PolicyVersion(v)).isPresent())
                .toList();
        assertThat(here).containsExactly(false, false, false, true, true);
    }

    @Test
    void newestVersionNeverGoesBack() {
        WeightsStore store = new WeightsStore(2);
        store.put(SampleWeights.of(4));
        assertThatThrownBy(() -> store.put(SampleWeights.of(3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("v3 is older than v4");
        assertThat(store.newest().orElseThrow().version()).isEqualTo(new PolicyVersion(4));
    }

    @Test
    void sameVersionWithOtherContentsIsRefusedAndWithTheSameIsNoChange() {
        WeightsStore store = new WeightsStore(2);
        Manifest first = store.put(SampleWeights.of(4));
        assertThat(store.put(SampleWeights.of(4))).isEqualTo(first);
        WeightsSnapshot other =
                new WeightsSnapshot(new PolicyVersion(4), SampleWeights.of(5).tensors());
        assertThatThrownBy(() -> store.put(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("v4 is here with other contents");
    }

    private static String rootOf(WeightsSnapshot snapshot) {
        return ContentSums.of(snapshot, new BlockWorkers(1)).root();
    }
}
