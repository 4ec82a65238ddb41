package io.railhead.app.command;

import com.typesafe.config.Config;
import io.railhead.actors.security.NodeIdentity;
import io.railhead.app.run.StopSignals;
import io.railhead.reward.RewardSettings;
import io.railhead.reward.service.RewardService;
import io.railhead.reward.service.ServiceSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `railhead reward-service`.
@Command(
        name = "reward-service",
        mixinStandardHelpOptions = true,
        description = "Scores for other trainers, over HTTP with JSON and over gRPC. Ctrl-C ends it.")
final class RewardServiceCommand implements Callable<Integer> {
    @Option(names = "--host", paramLabel = "H", description = "Where to listen (reward-service.host).")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "P", description = "HTTP; 0: any free port (reward-service.port).")
    private @Nullable Integer port;

    @Option(names = "--grpc-port", paramLabel = "G", description = "gRPC too (reward-service.grpc-port).")
    private @Nullable Integer grpcPort;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "The scoring function: railhead, paper or reference (default: that of the settings).")
    private @Nullable String profile;

    @Option(names = "--stations", paramLabel = "DIR", description = "Station files, for items with a city.")
    private @Nullable Path stations;

    @Option(names = "--check", description = "Start, say so, and end.")
    private boolean check;

    @Mixin
    private SettingsOptions config = new SettingsOptions();

    @Option(names = "--json", description = "One JSON object about where it listens instead of text.")
    private boolean json;

    private final Terminal terminal;

    RewardServiceCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Config resolved = config.layers(Optional.empty(), options()).resolve();
        CountDownLatch stop = new CountDownLatch(check ? 0 : 1);
        Optional<NodeIdentity> identity = NodeIdentity.of(resolved);
        RewardService service = RewardService.start(
                ServiceSettings.from(resolved),
                RewardSettings.from(resolved).function(identity.map(NodeIdentity::sslContext)),
                Optional.ofNullable(stations),
                identity);
        try {
            terminal.out().println(json ? jsonLine(service) : line(service));
            terminal.out().flush();
            if (!check) {
                StopSignals.install(stop::countDown);
            }
            stop.await();
        } finally {
            service.stop();
        }
        return 0;
    }

    private static String line(RewardService service) {
        return "reward service on " + service.address()
                + service.grpcPort().map(port -> ", gRPC on port " + port).orElse("");
    }

    private static String jsonLine(RewardService service) {
        Map<String, Object> line = new TreeMap<>();
        line.put("address", service.address().toString());
        line.put("grpc_port", service.grpcPort());
        return Json.line(line);
    }

    private Map<String, Object> options() {
        Map<String, Object> options = new TreeMap<>();
        put(options, "reward-service.host", host);
        put(options, "reward-service.port", port);
        put(options, "reward-service.grpc-port", grpcPort);
        put(options, "reward.profile", profile);
        return options;
    }

    private static void put(Map<String, Object> options, String key, @Nullable Object value) {
        if (value != null) {
            options.put(key, value);
        }
    }
}
