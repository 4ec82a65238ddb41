package io.railhead.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.app.CommandRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Four processes, of which two are killed with SIGKILL while the run goes on: first the one that leads and learns,
/// then one that generates and scores.
class KilledNodesTest {
    @TempDir
    private Path temp;

    private Path model = Path.of("");

    @BeforeEach
    void model() throws IOException {
        model = RandomModel.in(temp.resolve("model"), 11);
    }

    @Test
    void aKilledLearnerIsReplacedFromTheLastCommitAndAKilledRolloutNodeCostsOnlyItsSamples() throws Exception {
        try (NodeProcess first = node("first", "controller,learner", List.of())) {
            String seed = first.await(line -> line.startsWith("listening on ")).substring("listening on ".length());
            try (NodeProcess second = node("second", "controller,learner", List.of(seed));
                    NodeProcess one = node("one", "rollout,reward", List.of(seed));
                    NodeProcess two = node("two", "rollout,reward", List.of(seed))) {
                for (NodeProcess joined : List.of(second, one, two)) {
                    joined.await(line -> line.startsWith("listening on "));
                }
                await(first, 5);
                first.kill();
                await(second, 3);
                one.kill();
                await(second, 5);
                second.askToStop();
                assertThat(second.awaitEnd()).as(second::account).isZero();
                assertThat(two.awaitEnd()).as(two::account).isZero();
            }
        }
        CommandRun laws = CommandRun.of("events", "--check", temp.resolve("run").toString());
        assertThat(laws.out()).contains("in 2 lives").contains("all laws hold");
        assertThat(laws.status()).isZero();
        CommandRun replay = CommandRun.of("replay", temp.resolve("run").toString());
        assertThat(replay.status()).as(replay.out() + replay.err()).isZero();
    }

    private static void await(NodeProcess head, int steps) throws Exception {
        for (int i = 0; i < steps; i++) {
            head.await(line -> line.startsWith("step "));
        }
    }

    private NodeProcess node(String name, String roles, List<String> seeds) throws IOException {
        List<String> options = new ArrayList<>(List.of(
                "--role", roles, "--port", "0", "--run-dir", temp.resolve("run").toString()));
        seeds.forEach(seed -> options.addAll(List.of("--seed-node", seed)));
        Map<String, Object> settings = new TreeMap<>(SmallRun.settings(model));
        settings.putAll(Map.of(
                "stage.steps",
                1_000_000,
                "stage.max-staleness",
                1,
                "stage.filter-zero-variance",
                false,
                "stage.checkpoint-every",
                2,
                "cluster.heartbeat-pause",
                "4s",
                "cluster.stable-after",
                "3s",
                "cluster.takeover-after",
                "5s",
                "http.enabled",
                false));
        return NodeProcess.start(temp.resolve(name + ".log"), options, settings);
    }
}
