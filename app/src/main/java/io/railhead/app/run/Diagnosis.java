package io.railhead.app.run;

import com.typesafe.config.Config;
import io.railhead.actors.security.NodeIdentity;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.Prompt;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.djl.EngineLimits;
import io.railhead.policy.djl.EngineOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a run needs of this machine, checked one thing at a time.
public final class Diagnosis {
    private static final int JDK = 25;
    private static final long GIBIBYTE = 1L << 30;

    /// One check. A bad `finding` says what to do.
    public record Finding(String check, boolean good, String finding) {}

    private Diagnosis() {}

    public static List<Finding> run(Path runDir, Config config) {
        return List.of(jdk(), processors(), nativeLibrary(), heap(), memory(), openMp(), writable(runDir), tls(config));
    }

    private static Finding jdk() {
        int feature = Runtime.version().feature();
        return new Finding(
                "jdk", feature == JDK, Runtime.version() + (feature == JDK ? "" : ": a JDK " + JDK + " is needed"));
    }

    private static Finding processors() {
        int count = Runtime.getRuntime().availableProcessors();
        return new Finding("processors", true, count + (count >= 2 ? "" : ": generation and training take turns"));
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
            return new Finding("native library", true, "%d tokens in %d ms".formatted(tokens, millis));
        } catch (IOException | RuntimeException | LinkageError e) {
            return new Finding("native library", false, "the built-in model does not answer: " + e);
        }
    }

    private static Finding heap() {
        long max = Runtime.getRuntime().maxMemory();
        boolean good = max >= GIBIBYTE;
        return new Finding(
                "heap", good, gibibytes(max) + (good ? "" : ": give at least 1 GiB (RAILHEAD_JVM_OPTS=-Xmx1g)"));
    }

    private static Finding memory() {
        return memoryBytes()
                .map(total -> {
                    boolean good = total >= 4 * GIBIBYTE;
                    return new Finding("memory", good, gibibytes(total) + (good ? "" : ": 4 GiB are needed"));
                })
                .orElseGet(() -> new Finding("memory", true, "unknown"));
    }

    /// What this process may use: the machine's memory, or its container's.
    static Optional<Long> memoryBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? Optional.of(system.getTotalMemorySize())
                : Optional.empty();
    }

    private static Finding openMp() {
        String policy = Optional.ofNullable(System.getenv("OMP_WAIT_POLICY")).orElse("unset");
        boolean good = policy.equalsIgnoreCase("passive");
        return new Finding(
                "openmp", good, "OMP_WAIT_POLICY=" + policy + (good ? "" : ": set it to passive, as ./railhead does"));
    }

    private static Finding writable(Path runDir) {
        Path existing = runDir.toAbsolutePath();
        while (existing.getParent() != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        boolean good = Files.isDirectory(existing) && Files.isWritable(existing);
        try {
            String free = gibibytes(Files.getFileStore(existing).getUsableSpace());
            return new Finding("run directory", good, existing + (good ? ", " + free + " free" : " is not writable"));
        } catch (IOException e) {
            return new Finding("run directory", false, existing + " is not readable: " + e);
        }
    }

    private static Finding tls(Config config) {
        try {
            return NodeIdentity.of(config)
                    .map(identity -> new Finding("tls", true, identity.summary()))
                    .orElseGet(() -> new Finding("tls", true, "off (railhead.security.tls)"));
        } catch (ConfigurationException e) {
            return new Finding("tls", false, String.valueOf(e.getMessage()));
        }
    }

    private static String gibibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", (double) bytes / GIBIBYTE);
    }
}
