package io.railhead.app.doctor;

import com.typesafe.config.Config;
import io.railhead.actors.security.NodeIdentity;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.app.run.MemoryPlan;
import io.railhead.app.run.PolicySettings;
import io.railhead.app.run.PolicySource;
import io.railhead.app.run.Responses;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.Prompt;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.djl.EngineLimits;
import io.railhead.policy.djl.EngineOptions;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What a run needs of this machine, checked one thing at a time.
public final class Diagnosis {
    private static final int JDK = 25;
    private static final long GIBIBYTE = 1L << 30;
    private static final long LEAST_MEMORY = 4 * GIBIBYTE;

    private Diagnosis() {}

    public static List<Finding> run(Path runDir, Config config) {
        ClockReading start = ClockReading.now();
        List<Finding> findings =
                new ArrayList<>(List.of(jdk(), processors(), nativeLibrary(), heap(), memory(), openMp()));
        findings.addAll(Plan.of(config));
        RunFolder.Result folder = RunFolder.look(runDir);
        findings.addAll(folder.findings());
        findings.addAll(Ports.of(config));
        findings.add(Clocks.of(start, ClockReading.now(), folder.probe(), newest(folder.newest(), program())));
        findings.add(tls(config));
        return List.copyOf(findings);
    }

    private static Optional<Clocks.Dated> newest(Optional<Clocks.Dated> one, Optional<Clocks.Dated> other) {
        return Stream.concat(one.stream(), other.stream()).max(Comparator.comparing(Clocks.Dated::written));
    }

    /// The jar or folder that this was loaded from: it was not built in the future.
    private static Optional<Clocks.Dated> program() {
        CodeSource source = Diagnosis.class.getProtectionDomain().getCodeSource();
        try {
            return source == null
                    ? Optional.empty()
                    : RunFolder.dated(Path.of(source.getLocation().toURI()));
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    private static Finding jdk() {
        String version = Runtime.version().toString();
        return Runtime.version().feature() == JDK
                ? Finding.good("jdk", version)
                : Finding.bad("jdk", version, "install a JDK " + JDK + ", or point RAILHEAD_JAVA_HOME at one");
    }

    private static Finding processors() {
        int count = Runtime.getRuntime().availableProcessors();
        return Finding.good("processors", count + (count >= 2 ? "" : ": generation and training take turns"));
    }

    /// Answers a prompt with the built-in model: whatever is wrong with libtorch or our operators shows here.
    private static Finding nativeLibrary() {
        Instant start = Instant.now();
        try (GenerationEngine engine =
                PolicySource.of(PolicySettings.EMBEDDED).engine(EngineOptions.of(new EngineLimits(1, 256, 256)))) {
            Prompt prompt = new Prompt("doctor", "?", List.of());
            int tokens = Responses.to(
                            List.of(new GenerationRequest("doctor", prompt, List.of(0), SamplingParams.greedy(4), 0)),
                            engine,
                            _ -> {})
                    .getFirst()
                    .response()
                    .size();
            long millis = Duration.between(start, Instant.now()).toMillis();
            return Finding.good("native library", "%d tokens in %d ms".formatted(tokens, millis));
        } catch (IOException | RuntimeException | LinkageError e) {
            return Finding.bad(
                    "native library",
                    "the built-in model does not answer: " + e,
                    "this machine's system and processor must be ones that PyTorch is built for; see CONTRIBUTING.md");
        }
    }

    private static Finding heap() {
        long max = Runtime.getRuntime().maxMemory();
        return max >= GIBIBYTE
                ? Finding.good("heap", gibibytes(max))
                : Finding.bad("heap", gibibytes(max), "give at least 1 GiB (RAILHEAD_JVM_OPTS=-Xmx1g)");
    }

    private static Finding memory() {
        Optional<Long> total = MemoryPlan.machineBytes();
        if (total.isEmpty()) {
            return Finding.good("memory", "unknown");
        }
        return total.get() >= LEAST_MEMORY
                ? Finding.good("memory", gibibytes(total.get()))
                : Finding.bad("memory", gibibytes(total.get()), "give this machine or container 4 GiB at least");
    }

    private static Finding openMp() {
        String policy = Optional.ofNullable(System.getenv("OMP_WAIT_POLICY")).orElse("unset");
        return policy.equalsIgnoreCase("passive")
                ? Finding.good("openmp", "OMP_WAIT_POLICY=" + policy)
                : Finding.bad("openmp", "OMP_WAIT_POLICY=" + policy, "set it to passive, as ./railhead does");
    }

    private static Finding tls(Config config) {
        try {
            return NodeIdentity.of(config)
                    .map(identity -> Finding.good("tls", identity.summary()))
                    .orElseGet(() -> Finding.good("tls", "off (railhead.security.tls)"));
        } catch (ConfigurationException e) {
            return Finding.bad(
                    "tls",
                    String.valueOf(e.getMessage()),
                    "give each node files that fit together and are valid now (docs/security.md)");
        }
    }

    private static String gibibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", (double) bytes / GIBIBYTE);
    }
}
