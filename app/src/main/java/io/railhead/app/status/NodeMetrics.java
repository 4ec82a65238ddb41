package io.railhead.app.status;

import static io.railhead.app.status.MetricsText.Type.COUNTER;
import static io.railhead.app.status.MetricsText.Type.GAUGE;

import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RunStatus;
import io.railhead.actors.stage.Watchdog;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A node's status in numbers. What is of the run is said by the node alone that leads it, so that sums over nodes are
/// right. `docs/metrics.md` has the table of all names; a test compares.
final class NodeMetrics {
    private NodeMetrics() {}

    static String text(NodeStatus status) {
        MetricsText text = new MetricsText();
        node(text, status);
        status.weights()
                .ifPresent(weights -> text.family(
                                "railhead_weights_version",
                                GAUGE,
                                "Newest policy version whose weights this node holds.")
                        .value("railhead_weights_version", weights.version()));
        if (!status.workers().isEmpty()) {
            workers(text, status);
        }
        status.scores().ifPresent(scores -> scores(text, scores));
        status.recorded().ifPresent(recorded -> recorded(text, recorded));
        status.run().filter(_ -> status.leads()).ifPresent(run -> run(text, status, run));
        return text.text();
    }

    private static void node(MetricsText text, NodeStatus status) {
        text.family("railhead_uptime_seconds", GAUGE, "Since the start of this node's process.")
                .value("railhead_uptime_seconds", status.uptimeSeconds());
        text.family("railhead_heap_used_bytes", GAUGE, "Heap in use.")
                .value("railhead_heap_used_bytes", status.heap().usedBytes());
        text.family("railhead_heap_max_bytes", GAUGE, "Largest heap.")
                .value("railhead_heap_max_bytes", status.heap().maxBytes());
        status.memory()
                .residentBytes()
                .ifPresent(bytes -> text.family(
                                "railhead_memory_resident_bytes", GAUGE, "Memory that this node's process occupies.")
                        .value("railhead_memory_resident_bytes", bytes));
        text.family(
                        "railhead_memory_planned_bytes",
                        GAUGE,
                        "What stays as long as the node lives, by device and owner.")
                .values(
                        "railhead_memory_planned_bytes",
                        "owner",
                        status.memory().plannedBytes());
        text.family("railhead_ready", GAUGE, "1 if this node is ready, as /health/ready says.")
                .value("railhead_ready", status.ready() ? 1 : 0);
        text.family("railhead_leads", GAUGE, "1 on the node that leads the run.")
                .value("railhead_leads", status.leads() ? 1 : 0);
        text.family("railhead_head_answers", GAUGE, "1 if the head of the run answered this node.")
                .value("railhead_head_answers", status.run().isPresent() ? 1 : 0);
        text.family("railhead_members", GAUGE, "Members of the cluster that this node sees, by reachability.")
                .values(
                        "railhead_members",
                        "reachable",
                        status.members().stream()
                                .collect(Collectors.groupingBy(
                                        member -> Boolean.toString(member.reachable()), Collectors.counting())));
        Map<String, Long> lost = new LinkedHashMap<>();
        lost.put("undelivered", status.lost().undelivered());
        lost.put("dropped", status.lost().dropped());
        text.family(
                        "railhead_messages_lost_total",
                        COUNTER,
                        "Messages to actors that were gone, or beyond a full queue.")
                .values("railhead_messages_lost_total", "why", lost);
    }

    private static void workers(MetricsText text, NodeStatus status) {
        text.family("railhead_worker_serving_version", GAUGE, "Policy version that a rollout worker generates with.");
        status.workers()
                .forEach(worker ->
                        text.value("railhead_worker_serving_version", "worker", worker.id(), worker.serving()));
        text.family("railhead_worker_free_samples", GAUGE, "Samples that a rollout worker asked for last.");
        status.workers()
                .forEach(worker ->
                        text.value("railhead_worker_free_samples", "worker", worker.id(), worker.freeSamples()));
    }

    private static void scores(MetricsText text, NodeStatus.Scores scores) {
        text.family("railhead_scores_waiting", GAUGE, "Rollouts on this node that wait for a score or get one.")
                .value("railhead_scores_waiting", scores.waiting());
        Map<String, Long> ended = new LinkedHashMap<>();
        ended.put("given", scores.given());
        ended.put("failed", scores.failed());
        text.family("railhead_scores_total", COUNTER, "Rollouts scored on this node, and those that could not be.")
                .values("railhead_scores_total", "outcome", ended);
    }

    private static void recorded(MetricsText text, NodeStatus.Recorded recorded) {
        text.family("railhead_troubles_total", COUNTER, "Train steps with numerical trouble in this life, by kind.")
                .values("railhead_troubles_total", "kind", recorded.troubles());
        text.family("railhead_memory_shortages_total", COUNTER, "Times in this life that a device's memory was short.")
                .value("railhead_memory_shortages_total", recorded.memoryShortages());
        text.family("railhead_step_metric", GAUGE, "Metrics of the newest train step, by their names in metrics.jsonl.")
                .values("railhead_step_metric", "name", recorded.newestStep());
    }

    private static void run(MetricsText text, NodeStatus status, NodeStatus.Run run) {
        text.family("railhead_life", GAUGE, "Ordinal of the run's present life.")
                .value("railhead_life", run.life());
        text.family("railhead_policy_version", GAUGE, "Version of the learner's policy: train steps made.")
                .value("railhead_policy_version", run.policyVersion());
        text.family("railhead_leases", GAUGE, "The ledger: issued is the sum of the others. Goes back with a resume.")
                .values("railhead_leases", "state", ledger(run.ledger()));
        RunStatus.Demand demand = run.demand();
        text.family("railhead_lease_backlog", GAUGE, "Leases that a rollout worker with room would be given now.")
                .value("railhead_lease_backlog", demand.backlog());
        text.family("railhead_leases_generating", GAUGE, "Leases that rollout workers have.")
                .value("railhead_leases_generating", demand.generating());
        text.family("railhead_leases_ready", GAUGE, "Leases that wait whole for a train step.")
                .value("railhead_leases_ready", demand.ready());
        text.family("railhead_lease_demand", GAUGE, "Backlog and generating: what rollout workers are wanted for.")
                .value("railhead_lease_demand", demand.backlog() + demand.generating());
        text.family("railhead_permits", GAUGE, "Samples that rollout workers asked for and were not given.")
                .value("railhead_permits", demand.permits());
        text.family("railhead_workers", GAUGE, "Rollout workers of the run.").value("railhead_workers", run.workers());
        Map<String, Long> alerts = new LinkedHashMap<>();
        Arrays.stream(Watchdog.values()).forEach(watchdog -> alerts.put(watchdog.label(), 0L));
        run.alerts().present().forEach(alert -> alerts.merge(alert.alert(), 1L, Long::sum));
        text.family("railhead_alerts", GAUGE, "Alerts that are not over, by name.")
                .values("railhead_alerts", "alert", alerts);
        text.family("railhead_alerts_raised_total", COUNTER, "Alerts raised in this life of the run.")
                .value("railhead_alerts_raised_total", run.alerts().raised());
        Optional<NodeStatus.Wait> oldest =
                status.waits().stream().max(Comparator.comparingDouble(NodeStatus.Wait::seconds));
        text.family("railhead_oldest_wait_seconds", GAUGE, "Age of the oldest wait that the status names.")
                .value(
                        "railhead_oldest_wait_seconds",
                        oldest.map(NodeStatus.Wait::seconds).orElse(0.0));
    }

    private static Map<String, Long> ledger(LedgerCounts counts) {
        Map<String, Long> ledger = new LinkedHashMap<>();
        ledger.put("issued", counts.issued());
        ledger.put("trained", counts.trained());
        ledger.put("filtered", counts.filtered());
        ledger.put("stale", counts.stale());
        ledger.put("failed", counts.failed());
        ledger.put("in-flight", counts.inFlight());
        return ledger;
    }
}
