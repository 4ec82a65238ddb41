package io.railhead.app.command;

import io.railhead.actors.stage.LateLeases;
import io.railhead.actors.stage.StageSettings;
import io.railhead.app.run.UsageException;
import io.railhead.app.simulate.DeviceModel;
import io.railhead.app.simulate.FittedCosts;
import io.railhead.app.simulate.Lengths;
import io.railhead.app.simulate.SimulationPlan;
import io.railhead.app.simulate.TrainerModel;
import io.railhead.policy.SwapMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What of the devices is assumed. The defaults are those of a reasoning model of about 7 billion parameters on
/// accelerators of the 80 GB class, to the first order; they are stated with every result.
final class SimulationOptions {
    private static final String UNSET = "__unset__";

    @Option(names = "--rollouts", paramLabel = "N", description = "Rollout devices (default: 64, or the run's).")
    private @Nullable Integer rollouts;

    @Option(names = "--max-staleness", paramLabel = "K", description = "The bound (default: 4, or the run's).")
    private @Nullable Integer maxStaleness;

    @Option(names = "--hours", paramLabel = "H", defaultValue = "24", description = "Virtual time (default: 24).")
    private double hours = 24;

    @Option(names = "--steps", paramLabel = "S", description = "At most so many train steps (default: no limit).")
    private @Nullable Long steps;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "Of all chance (default: 1).")
    private long seed = 1;

    @Option(
            names = "--fit",
            paramLabel = "RUN_DIR",
            description = "Lengths, costs, batch and devices from a recorded run; options given besides win.")
    private @Nullable Path fit;

    @Option(
            names = "--lengths",
            paramLabel = "SPEC",
            description = "lognormal:MEDIAN,SIGMA or heavy:MEDIAN,SIGMA,TAIL,ALPHA or given:FILE (one length a line)."
                    + " Default: heavy:6000,0.7,0.1,1.1.")
    private @Nullable String lengths;

    @Option(names = "--max-tokens", paramLabel = "T", description = "Longest response (default: 32768).")
    private @Nullable Integer maxTokens;

    @Option(names = "--prompt-tokens", paramLabel = "T", description = "With the picture's (default: 1024).")
    private @Nullable Integer promptTokens;

    @Option(names = "--group-size", paramLabel = "G", description = "Responses to a prompt (default: 8).")
    private @Nullable Integer groupSize;

    @Option(names = "--groups-per-step", paramLabel = "B", description = "Default: what the devices hold at a time.")
    private @Nullable Integer groupsPerStep;

    @Option(names = "--slots", paramLabel = "S", description = "Responses a device decodes at a time (default: 8).")
    private @Nullable Integer slots;

    @Option(
            names = "--together",
            description =
                    "The responses of a group start together, when a device has room for all. So it is with --fit.")
    private boolean together;

    @Option(names = "--late-leases", paramLabel = "RULE", description = "pace or discard (default: pace).")
    private String lateLeases = UNSET;

    @Option(names = "--swap-mode", paramLabel = "MODE", description = "keep-cache, recompute or drain.")
    private String swapMode = "keep-cache";

    @Option(names = "--decode-ms", paramLabel = "MS", description = "A decode step (default: 20).")
    private @Nullable Double decodeMillis;

    @Option(names = "--sequence-us", paramLabel = "US", description = "More for each sequence (default: 50).")
    private @Nullable Double sequenceMicros;

    @Option(names = "--cache-ns", paramLabel = "NS", description = "More for each cached token (default: 20).")
    private @Nullable Double cacheNanos;

    @Option(names = "--prefill", paramLabel = "T/S", description = "Tokens a second (default: 20000).")
    private @Nullable Double prefill;

    @Option(names = "--learner-devices", paramLabel = "N", description = "Default: a third of the rollout devices.")
    private @Nullable Integer learnerDevices;

    @Option(
            names = "--train-tokens-per-second",
            paramLabel = "T/S",
            description = "Of the whole learner. Default: 1.25 times what the rollout devices decode when full.")
    private @Nullable Double trainRate;

    @Option(names = "--train-overhead", paramLabel = "S", description = "Seconds a step besides (default: 5).")
    private @Nullable Double trainOverhead;

    @Option(names = "--transfer", paramLabel = "S", description = "Seconds of weights to a worker (default: 10).")
    private @Nullable Double transfer;

    @Option(names = "--swap", paramLabel = "S", description = "Seconds a device stands still for them (default: 1).")
    private @Nullable Double swap;

    @Option(names = "--score-ms", paramLabel = "MS", description = "Mean time of a score (default: 50).")
    private @Nullable Double scoreMillis;

    @Option(names = "--mtbf-hours", paramLabel = "H", description = "Between a device's failures; 0: none (default).")
    private double mtbfHours;

    @Option(names = "--restart-minutes", paramLabel = "M", description = "After a failure (default: 3).")
    private double restartMinutes = 3;

    @Option(names = "--grain", paramLabel = "T", description = "Tokens that one simulated token stands for.")
    private @Nullable Integer grain;

    /// @param source of the costs, for people
    record Planned(SimulationPlan plan, int learnerDevices, String source) {}

    Planned plan() throws IOException {
        try {
            return fit == null ? assumed() : fitted(FittedCosts.of(fit), fit);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private Planned assumed() throws IOException {
        int devices = or(rollouts, 64);
        int group = or(groupSize, 8);
        int running = or(slots, 8);
        int limit = or(maxTokens, 32_768);
        DeviceModel device = new DeviceModel(
                or(decodeMillis, 20.0) * 1e6,
                or(sequenceMicros, 50.0) * 1e3,
                or(cacheNanos, 20.0),
                or(prefill, 20_000.0));
        double decodeRate = devices * running / ((device.stepNanos() + device.sequenceNanos() * running) / 1e9);
        return planned(
                devices,
                or(maxStaleness, 4),
                group,
                or(groupsPerStep, Math.max(1, devices * running / group)),
                running,
                together,
                group,
                lateLeases.equals(UNSET) ? LateLeases.PACE : SimulateCommand.lateLeases(lateLeases),
                lengths(or(lengths, "heavy:6000,0.7,0.1,1.1"), limit),
                limit,
                or(promptTokens, 1024),
                device,
                new TrainerModel(
                        or(trainRate, 1.25 * decodeRate),
                        seconds(or(trainOverhead, 5.0)).toNanos(),
                        0),
                or(transfer, 10.0),
                or(swap, 1.0),
                or(scoreMillis, 50.0),
                Math.max(2, devices / 50),
                Duration.ofMinutes(1),
                10,
                or(grain, 256),
                "assumed");
    }

    private Planned fitted(FittedCosts costs, Path run) throws IOException {
        StageSettings stage = costs.stage();
        int limit = or(maxTokens, stage.sampling().maxTokens());
        int running = or(slots, costs.config().getInt("railhead.policy.slots"));
        return planned(
                or(rollouts, costs.workers()),
                or(maxStaleness, stage.maxStaleness()),
                or(groupSize, stage.groupSize()),
                or(groupsPerStep, stage.groupsPerStep()),
                running,
                true, // as the embedded engine does
                costs.rollout().queueAhead(),
                lateLeases.equals(UNSET) ? stage.lateLeases() : SimulateCommand.lateLeases(lateLeases),
                lengths == null ? costs.lengths() : lengths(lengths, limit),
                limit,
                or(promptTokens, 0),
                new DeviceModel(
                        decodeMillis == null ? costs.stepNanos() : decodeMillis * 1e6,
                        or(sequenceMicros, 0.0) * 1e3,
                        or(cacheNanos, 0.0),
                        or(prefill, 1e9)),
                new TrainerModel(
                        or(trainRate, costs.trainTokensPerSecond()),
                        seconds(or(trainOverhead, 0.0)).toNanos(),
                        0),
                or(transfer, 0.0),
                or(swap, 0.0),
                or(scoreMillis, costs.firstNanos() / 1e6),
                1024,
                costs.rollout().heartbeat(),
                stage.checkpointEvery(),
                or(grain, 1),
                String.format(
                        Locale.ROOT,
                        "fitted from %s, which trained %.3f trajectories/s over %d steps",
                        run.getFileName(),
                        costs.trajectoriesPerSecond(),
                        costs.steps()));
    }

    private Planned planned(
            int devices,
            int staleness,
            int group,
            int groups,
            int running,
            boolean startTogether,
            int queueAhead,
            LateLeases late,
            Lengths drawn,
            int limit,
            int prompt,
            DeviceModel device,
            TrainerModel trainer,
            double transferSeconds,
            double swapSeconds,
            double scoreMean,
            int scorers,
            Duration heartbeat,
            long checkpointEvery,
            int tokensPerGrain,
            String source) {
        return new Planned(
                new SimulationPlan(
                        devices,
                        running,
                        startTogether,
                        queueAhead,
                        group,
                        groups,
                        staleness,
                        late,
                        or(steps, 1L << 30),
                        seconds(hours * 3600),
                        seed,
                        drawn,
                        limit,
                        prompt,
                        device,
                        trainer,
                        scorers,
                        seconds(scoreMean / 1e3),
                        seconds(transferSeconds),
                        Arrays.stream(SwapMode.values())
                                .filter(mode -> mode.wireName().equals(swapMode))
                                .findFirst()
                                .orElseThrow(() -> new UsageException("no swap mode " + swapMode)),
                        seconds(swapSeconds),
                        seconds(mtbfHours * 3600),
                        seconds(restartMinutes * 60),
                        heartbeat,
                        Duration.ofHours(24),
                        checkpointEvery,
                        0.5,
                        tokensPerGrain),
                or(learnerDevices, Math.max(1, devices / 3)),
                source);
    }

    private static Lengths lengths(String spec, int limit) throws IOException {
        int colon = spec.indexOf(':');
        String kind = colon < 0 ? spec : spec.substring(0, colon);
        String rest = colon < 0 ? "" : spec.substring(colon + 1);
        if (kind.equals("given")) {
            List<Integer> given = Files.readAllLines(Path.of(rest)).stream()
                    .filter(line -> !line.isBlank())
                    .map(line -> Integer.valueOf(line.strip()))
                    .toList();
            return new Lengths.Given(given);
        }
        double[] numbers = rest.isEmpty()
                ? new double[0]
                : Arrays.stream(rest.split(",", -1))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
        if (kind.equals("lognormal") && numbers.length == 2) {
            return new Lengths.LogNormal(numbers[0], numbers[1], limit);
        }
        if (kind.equals("heavy") && numbers.length == 4) {
            return new Lengths.HeavyTail(numbers[0], numbers[1], numbers[2], numbers[3], limit);
        }
        throw new UsageException(
                "--lengths %s is none of lognormal:MEDIAN,SIGMA, heavy:MEDIAN,SIGMA,TAIL,ALPHA and".formatted(spec)
                        + " given:FILE");
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    private static <T> T or(@Nullable T given, T otherwise) {
        return given == null ? otherwise : given;
    }
}
