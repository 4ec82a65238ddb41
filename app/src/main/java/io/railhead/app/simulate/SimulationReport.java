package io.railhead.app.simulate;

import io.railhead.app.report.HtmlReport;
import io.railhead.app.report.LinePlot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Simulations side by side, with what was assumed. Nothing in it was measured on a device.
///
/// @param synchronous at the same devices with a staleness of 0, if that was simulated
/// @param colocated the synchronous schedule on one pool of as many devices, if that was simulated
public record SimulationReport(
        SequencedMap<String, String> assumptions,
        List<SimulationResult> results,
        Optional<SimulationResult> synchronous,
        Optional<SimulationResult> colocated) {
    private static final String NONE = "-";

    public SimulationReport {
        results = List.copyOf(results);
    }

    /// What is assumed of the devices, for people.
    public static SequencedMap<String, String> assumptions(SimulationPlan plan, String source) {
        DeviceModel device = plan.device();
        SequencedMap<String, String> rows = new LinkedHashMap<>();
        rows.put("source of the costs", source);
        rows.put("responses", plan.lengths().describe());
        rows.put(
                "batch",
                "%d groups of %d a step, at most %d of %d responses decoded on a device at a time"
                        .formatted(
                                plan.groupsPerStep(),
                                plan.groupSize(),
                                plan.slots(),
                                plan.slots() + plan.queueAhead()));
        rows.put("late leases", plan.lateLeases().name().toLowerCase(Locale.ROOT));
        rows.put(
                "decode step",
                String.format(
                        Locale.ROOT,
                        "%.3f ms + %.1f us a sequence + %.1f ns a token in the cache",
                        device.stepNanos() / 1e6,
                        device.sequenceNanos() / 1e3,
                        device.cacheNanos()));
        rows.put(
                "prefill",
                String.format(
                        Locale.ROOT,
                        "%d tokens a group at %.0f tokens/s",
                        plan.promptTokens(),
                        device.prefillTokensPerSecond()));
        rows.put(
                "train step",
                String.format(
                        Locale.ROOT,
                        "%.0f tokens/s + %.1f s, commit %.1f s every %d steps",
                        plan.trainer().tokensPerSecond(),
                        plan.trainer().stepNanos() / 1e9,
                        plan.trainer().commitNanos() / 1e9,
                        plan.checkpointEvery()));
        rows.put(
                "new weights",
                "%s on their way to a worker, %s to take them, %s"
                        .formatted(plan.transfer(), plan.swap(), plan.swapMode().wireName()));
        rows.put(
                "scores",
                "%d at a time, exponential with mean %s".formatted(plan.rewardWorkers(), plan.rewardLatency()));
        rows.put(
                "failures",
                plan.meanTimeToFailure().isZero()
                        ? "none"
                        : "a device fails every %s of work, back after %s"
                                .formatted(plan.meanTimeToFailure(), plan.restart()));
        rows.put("heartbeat", plan.heartbeat().toString());
        rows.put("seed, grain", "%d, %d tokens".formatted(plan.seed(), plan.grain()));
        return rows;
    }

    public List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "rollouts",
                "staleness",
                "traj/s",
                "tokens/s",
                "s/step",
                "rollout idle",
                "slots used",
                "learner idle",
                "mean stale",
                "wasted",
                "over sync",
                "over colocated"));
        colocated.ifPresent(result -> rows.add(row(result, "colocated")));
        synchronous.filter(result -> !results.contains(result)).ifPresent(result -> rows.add(row(result, "0 (sync)")));
        results.forEach(result -> rows.add(row(result, Integer.toString(result.maxStaleness()))));
        return rows;
    }

    public String text() {
        StringBuilder text = new StringBuilder("simulated; what is assumed:\n");
        assumptions.forEach((name, value) -> text.append(String.format(Locale.ROOT, "  %-20s %s%n", name, value)));
        text.append('\n');
        rows().forEach(row -> text.append(
                        String.format(Locale.ROOT, "%8s %10s %9s %10s %8s %13s %11s %13s %11s %7s %10s %15s", (Object[])
                                row.toArray(String[]::new)))
                .append('\n'));
        results.forEach(result -> text.append('\n').append(staleness(result)));
        results.stream()
                .filter(result -> result.dropped().dropped() > 0)
                .forEach(result -> text.append('\n').append(dropped(result)));
        return text.append('\n').toString();
    }

    /// Everything, for a JSON writer. What depends on the machine that simulated is left out.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("simulated", true);
        json.put("assumptions", assumptions);
        json.put("results", results.stream().map(this::json).toList());
        synchronous.ifPresent(result -> json.put("synchronous", json(result)));
        colocated.ifPresent(result -> json.put("colocated", json(result)));
        return json;
    }

    public String html() {
        HtmlReport page = new HtmlReport("Simulated runs");
        page.text("Simulated", "The actors are the real ones, on a virtual clock; devices, times and lengths are not.");
        page.facts(
                "Assumptions",
                assumptions.entrySet().stream()
                        .map(entry -> List.of(entry.getKey(), entry.getValue()))
                        .toList());
        page.table("Results", rows());
        page.plot("Frontier: throughput over staleness", frontier());
        page.plot("Staleness of the trained tokens", distribution());
        return page.toString();
    }

    private LinePlot frontier() {
        Map<Integer, List<LinePlot.Point>> lines = new LinkedHashMap<>();
        results.forEach(result -> lines.computeIfAbsent(result.workers(), _ -> new ArrayList<>())
                .add(new LinePlot.Point(
                        result.meanStaleness(), result.trajectoriesPerSecond(), "max " + result.maxStaleness())));
        return new LinePlot(
                "frontier",
                "mean staleness of the trained tokens",
                "trajectories/s",
                lines.entrySet().stream()
                        .map(line -> new LinePlot.Line(line.getKey() + " rollout devices", line.getValue()))
                        .toList());
    }

    private LinePlot distribution() {
        return new LinePlot(
                "staleness",
                "staleness",
                "share of tokens",
                results.stream()
                        .map(result -> new LinePlot.Line(
                                "%d devices, max %d".formatted(result.workers(), result.maxStaleness()),
                                points(result.staleness())))
                        .toList());
    }

    private static List<LinePlot.Point> points(List<Double> shares) {
        List<LinePlot.Point> points = new ArrayList<>();
        for (int i = 0; i < shares.size(); i++) {
            points.add(new LinePlot.Point(i, shares.get(i), ""));
        }
        return points;
    }

    private List<String> row(SimulationResult result, String staleness) {
        return List.of(
                Integer.toString(result.workers()),
                staleness,
                number(result.trajectoriesPerSecond(), 3),
                number(result.trainedTokensPerSecond(), 0),
                number(result.secondsPerStep(), 1),
                percent(result.rolloutIdle()),
                percent(result.slotsInUse()),
                percent(result.learnerIdle()),
                number(result.meanStaleness(), 2),
                percent(result.wasted().all()),
                over(result, synchronous, true),
                over(result, colocated, false));
    }

    /// @param sameDevices whether it says something only of as many rollout devices
    private static String over(SimulationResult result, Optional<SimulationResult> base, boolean sameDevices) {
        return base.filter(b -> !sameDevices || b.workers() == result.workers())
                .map(b -> number(result.trajectoriesPerSecond() / b.trajectoriesPerSecond(), 2) + " x")
                .orElse(NONE);
    }

    private Map<String, Object> json(SimulationResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("rollouts", result.workers());
        json.put("max_staleness", result.maxStaleness());
        json.put("steps", result.steps());
        json.put("virtual_seconds", result.seconds());
        json.put("trajectories_per_second", result.trajectoriesPerSecond());
        json.put("trained_tokens_per_second", result.trainedTokensPerSecond());
        json.put("seconds_per_step", result.secondsPerStep());
        json.put("rollout_idle", result.rolloutIdle());
        json.put("rollout_taking_weights", result.rolloutTakingWeights());
        json.put("slots_in_use", result.slotsInUse());
        json.put("learner_idle", result.learnerIdle());
        json.put("staleness", result.staleness());
        json.put("mean_staleness", result.meanStaleness());
        json.put("wasted", result.wasted());
        json.put("dropped", result.dropped());
        json.put("device_failures", result.deviceFailures());
        synchronous
                .filter(base -> base.workers() == result.workers())
                .ifPresent(base ->
                        json.put("over_synchronous", result.trajectoriesPerSecond() / base.trajectoriesPerSecond()));
        return json;
    }

    private static String staleness(SimulationResult result) {
        StringBuilder line = new StringBuilder(
                "staleness of tokens, %d rollouts, at most %d:".formatted(result.workers(), result.maxStaleness()));
        for (int i = 0; i < result.staleness().size(); i++) {
            line.append(String.format(
                    Locale.ROOT, "  %d: %.1f %%", i, 100 * result.staleness().get(i)));
        }
        return line.toString();
    }

    private static String dropped(SimulationResult result) {
        DroppedByLength dropped = result.dropped();
        return String.format(
                Locale.ROOT,
                "dropped groups, %d rollouts, at most %d: %s; mean length %.0f tokens trained, %.0f dropped%n"
                        + "  by length of responses:      %s%n  by the longest of the group: %s",
                result.workers(),
                result.maxStaleness(),
                percent(dropped.share()),
                dropped.meanTrained(),
                dropped.meanDropped(),
                quarters(dropped.responses()),
                quarters(dropped.groups()));
    }

    private static String quarters(List<DroppedByLength.Quarter> quarters) {
        return String.join(
                "  ",
                quarters.stream()
                        .map(quarter -> "up to %d: %s".formatted(quarter.longest(), percent(quarter.share())))
                        .toList());
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
