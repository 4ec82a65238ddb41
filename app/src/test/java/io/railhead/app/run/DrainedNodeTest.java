package io.railhead.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.railhead.app.status.Asker;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A rollout node that is told to stop while the run goes on, as when a cluster is made smaller.
class DrainedNodeTest {
    @TempDir
    private Path temp;

    @Test
    void aRolloutNodeThatIsToldToStopLeavesInGoodOrder() throws Exception {
        LiveCluster cluster = new LiveCluster(temp);
        try {
            NodeAddresses head = cluster.start(Map.of(), "controller", "learner", "reward");
            NodeAddresses rollout = cluster.start(Map.of(), "rollout");
            Asker asker = Asker.plain();
            asker.statusUntil(
                    LiveCluster.statusOf(rollout),
                    s -> s.at("/run/demand/generating").asLong() > 0);

            assertThat(cluster.stop(rollout)).isEmpty();

            JsonNode after = asker.statusUntil(
                    LiveCluster.statusOf(head), s -> s.path("members").size() == 1);
            assertThat(after.path("members")).hasSize(1);
            assertThat(after.at("/run/workers").asLong()).isZero();
            assertThat(after.at("/run/demand/generating").asLong()).isZero();
        } finally {
            cluster.stop();
        }
    }
}
