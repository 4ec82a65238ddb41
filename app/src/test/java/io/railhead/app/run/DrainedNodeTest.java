package io.railhead.app.run;

import static org.assertj.core.api.Assertions.assertThat;

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
            cluster.start(Map.of(), "controller", "learner", "reward");
            NodeAddresses rollout = cluster.start(Map.of("rollout.drain-timeout", "5s"), "rollout");

            assertThat(cluster.stop(rollout)).isEmpty();
        } finally {
            cluster.stop();
        }
    }
}
