package io.railhead.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.Config;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.policy.Prompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Two actor systems in one JVM that talk over the network, in messages as small as can be configured, with
/// weights from port to port.
class ClusterNodeTest {
    @TempDir
    private Path temp;

    @Test
    void aRolloutNodeGeneratesForTheControllersRun() throws Exception {
        Path model = RandomModel.in(temp.resolve("model"), 11);
        Path run = temp.resolve("run");
        List<RunFact> facts = new CopyOnWriteArrayList<>();
        CompletableFuture<String> seed = new CompletableFuture<>();
        StopRequest stop = new StopRequest();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Config head = config(model, Map.of("cluster.roles", List.of("controller", "learner", "reward")));
            Future<Optional<RunEnded>> controller = threads.submit(
                    () -> ClusterNode.run(head, run, stop, at -> seed.complete(at.cluster()), facts::add));
            Config worker = config(
                    model,
                    Map.of(
                            "cluster.roles",
                            List.of("rollout"),
                            "cluster.seed-nodes",
                            List.of(seed.get(30, TimeUnit.SECONDS))));
            Future<Optional<RunEnded>> rollout =
                    threads.submit(() -> ClusterNode.run(worker, run, stop, _ -> {}, _ -> {}));

            RunEnded end = controller.get(120, TimeUnit.SECONDS).orElseThrow();
            assertThat(end.outcome()).as(end.cause()).isEqualTo(RunEnded.Outcome.FINISHED);
            assertThat(end.ledger().trained()).isEqualTo(4);
            assertThat(rollout.get(60, TimeUnit.SECONDS)).isEmpty();
        } finally {
            stop.request();
        }
        assertThat(facts)
                .filteredOn(RunFact.LeaseIssued.class::isInstance)
                .allSatisfy(fact ->
                        assertThat(((RunFact.LeaseIssued) fact).workerId()).startsWith("rollout-"));
        assertThat(run.resolve("checkpoints/step-2/model/model.safetensors")).exists();
        assertThat(facts)
                .filteredOn(RunFact.TrajectoryTaken.class::isInstance)
                .hasSizeGreaterThanOrEqualTo(16)
                .allSatisfy(fact -> assertThat(promptOf(fact).isWhole()).isTrue());
    }

    /// Each phase of leaving a cluster has a deadline, and says so when it is missed.
    @Test
    void aHeadLeavesTheClusterWithoutWaitingForADeadline() throws Exception {
        Logger shutdowns = (Logger) LoggerFactory.getLogger(CoordinatedShutdown.class);
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.setContext(shutdowns.getLoggerContext());
        said.start();
        shutdowns.addAppender(said);
        try {
            Config all = config(
                    RandomModel.in(temp.resolve("model"), 11),
                    Map.of("cluster.roles", List.of("controller", "learner", "reward", "rollout")));
            RunEnded end = ClusterNode.run(all, temp.resolve("run"), new StopRequest(), _ -> {}, _ -> {})
                    .orElseThrow();
            assertThat(end.outcome()).as(end.cause()).isEqualTo(RunEnded.Outcome.FINISHED);
        } finally {
            shutdowns.detachAppender(said);
        }
        assertThat(said.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
    }

    @Test
    void responsesLongerThanAMessageAreRefusedBeforeAnythingIsWritten() throws Exception {
        Config config = config(
                RandomModel.in(temp.resolve("model"), 11),
                Map.of("cluster.roles", List.of("rollout"), "stage.sampling.max-tokens", 4096));
        assertThatThrownBy(() -> ClusterNode.run(config, temp.resolve("run"), new StopRequest(), _ -> {}, _ -> {}))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("railhead.stage.sampling.max-tokens = 4096 makes rollouts of up to 178176 bytes,"
                        + " more than railhead.cluster.maximum-frame-size = 32768");
    }

    @Test
    void aHeadWithOtherSettingsThanItsRunIsRefused() throws Exception {
        Path model = RandomModel.in(temp.resolve("model"), 11);
        Path run = temp.resolve("run");
        Map<String, Object> head = Map.of("cluster.roles", List.of("controller", "learner"), "http.enabled", false);
        RunDirectory.create(run, config(model, head)).close();
        Map<String, Object> other = new TreeMap<>(head);
        other.put("stage.group-size", 3);
        assertThatThrownBy(() -> ClusterNode.run(config(model, other), run, new StopRequest(), _ -> {}, _ -> {}))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("stage.group-size");
    }

    private static Prompt promptOf(RunFact fact) {
        return ((RunFact.TrajectoryTaken) fact).trajectory().rollout().task().prompt();
    }

    private static Config config(Path model, Map<String, Object> more) throws IOException {
        Map<String, Object> settings = new TreeMap<>(SmallRun.settings(model));
        settings.putAll(Map.of(
                "stage.steps",
                2,
                "stage.filter-zero-variance",
                false,
                "stage.max-staleness",
                1,
                "cluster.port",
                0,
                "cluster.maximum-frame-size",
                "32 KiB",
                "cluster.exit-when-removed",
                false));
        settings.putAll(more);
        return new LayeredConfig(Optional.of("embedded"), Optional.empty(), List.of(), settings).resolve();
    }
}
