package io.railhead.app.command;

import com.typesafe.config.Config;
import io.railhead.actors.cluster.Role;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.stage.StageSettings;
import io.railhead.app.report.Progress;
import io.railhead.app.run.ClusterNode;
import io.railhead.app.run.NodeAddresses;
import io.railhead.app.run.RunPlan;
import io.railhead.app.run.RunSettings;
import io.railhead.app.run.StopRequest;
import io.railhead.app.run.StopSignals;
import io.railhead.app.run.UsageException;
import io.railhead.learner.CheckpointException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `railhead node`.
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        description = "One node of a cluster. Nodes share the run directory, on one disk or a shared file system.")
final class NodeCommand implements Callable<Integer> {
    @Option(
            names = "--role",
            required = true,
            split = ",",
            paramLabel = "ROLE",
            description = "controller, learner, rollout, reward; several are separated by commas.")
    private List<String> roles = new ArrayList<>();

    @Option(names = "--host", paramLabel = "H", description = "How the other nodes reach this one (cluster.host).")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "P", description = "Where this node listens (cluster.port).")
    private @Nullable Integer port;

    @Option(
            names = "--seed-node",
            paramLabel = "H:P",
            description = "A node to join; may be repeated. Without any, this node starts the cluster.")
    private List<String> seedNodes = new ArrayList<>();

    @Option(names = "--run-dir", paramLabel = "DIR", description = "The run's directory, the same for all nodes.")
    private @Nullable Path runDir;

    @Option(names = "--dry-run", description = "Only shows the settings and the actors that would start.")
    private boolean dryRun;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(
            names = "--json",
            description =
                    "JSON lines instead of text: where the node listens, and how the run ended. Progress goes to standard error.")
    private boolean json;

    private final Terminal terminal;

    NodeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, CheckpointException, InterruptedException {
        Set<Role> played = Role.parse(String.join(",", roles));
        Config resolved = config.resolve(options(played));
        if (dryRun) {
            new DryRun(RunPlan.of(resolved), played).print(terminal, json);
            return 0;
        }
        Path root = RunSettings.from(resolved)
                .dir()
                .orElseThrow(() -> new UsageException("a node needs --run-dir, the same for all nodes"));
        StopRequest stop = new StopRequest();
        StopSignals.install(stop::request);
        Progress progress = new Progress(
                json ? terminal.err() : terminal.out(),
                terminal.live(),
                StageSettings.from(resolved).steps(),
                Clock.systemUTC());
        Optional<RunEnded> end = ClusterNode.run(resolved, root, stop, this::say, progress);
        progress.finish();
        return end.map(this::conclude).orElse(0);
    }

    private int conclude(RunEnded end) {
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("outcome", end.outcome().name().toLowerCase(Locale.ROOT));
            result.put("cause", end.cause());
            result.put("version", end.version().number());
            result.put("ledger", end.ledger());
            say(Json.line(result));
        }
        if (end.outcome() == RunEnded.Outcome.FAILED) {
            terminal.err().println("railhead: the run failed: " + end.cause());
            return 1;
        }
        if (json) {
            return 0;
        }
        say(Progress.sentence(end.ledger()));
        say(end.outcome().name().toLowerCase(Locale.ROOT) + " at " + end.version());
        return 0;
    }

    private void say(NodeAddresses addresses) {
        if (json) {
            Map<String, Object> listening = new LinkedHashMap<>();
            listening.put("listening", addresses.cluster());
            listening.put("status", addresses.status().map(Object::toString));
            say(Json.line(listening));
            return;
        }
        say("listening on " + addresses.cluster());
        addresses.status().ifPresent(status -> say("status at " + status + "/status"));
    }

    private void say(String line) {
        terminal.out().println(line);
        terminal.out().flush();
    }

    private Map<String, Object> options(Set<Role> played) {
        Map<String, Object> options = new HashMap<>(data.settings());
        options.putAll(model.settings());
        options.put(
                "railhead.cluster.roles",
                played.stream().map(Role::label).sorted().toList());
        if (host != null) {
            options.put("railhead.cluster.host", host);
        }
        if (port != null) {
            options.put("railhead.cluster.port", port);
        }
        if (!seedNodes.isEmpty()) {
            options.put("railhead.cluster.seed-nodes", seedNodes);
        }
        if (runDir != null) {
            options.put("railhead.run.dir", runDir.toString());
        }
        return options;
    }
}
