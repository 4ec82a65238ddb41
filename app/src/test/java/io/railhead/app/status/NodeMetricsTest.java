package io.railhead.app.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.RunStatus;
import io.railhead.actors.protocol.Trouble;
import io.railhead.actors.telemetry.DeadLetterCounter;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class NodeMetricsTest {
    private static final Pattern SAMPLE =
            Pattern.compile("(railhead_[a-z_]+)(\\{[a-z]+=\"[^\"]*\"})? -?[0-9]+(\\.[0-9]+)?(E-?[0-9]+)?");

    /// A node with all roles that leads.
    private static final NodeStatus ALL = new NodeStatus(
            "head:25520",
            List.of("controller", "learner", "reward", "rollout"),
            12.5,
            List.of(),
            3,
            Optional.of("head:25520"),
            true,
            Optional.of(new NodeStatus.Run(
                    3,
                    7,
                    "perception",
                    new LedgerCounts(40, 30, 4, 2, 3, 1),
                    new RunStatus.Demand(5, 6, 7, 8),
                    2,
                    List.of("node-1"),
                    new RunStatus.Alerts(
                            List.of(new RunStatus.Alert("no-step", "learner", "is not there", "2026-01-01T00:00:00Z")),
                            15))),
            List.of(new NodeStatus.Wait("learner", "2 groups", "2026-01-01T00:00:00Z", 1.5)),
            List.of(new NodeStatus.Member("head:25520", List.of("controller"), "up", true)),
            new DeadLetterCounter.Counts(9, 10),
            Optional.of(new NodeStatus.Weights(6, Optional.of("head:25530"), "node:25530")),
            List.of(new NodeStatus.Worker("a\"b", 6, 11, 0.25)),
            Optional.of(new NodeStatus.Scores(12, 13, 14)),
            Optional.of(new NodeStatus.Recorded(Map.of("not-finite-loss", 2L), 16, Map.of("kl/mismatch", 1.5e-4))),
            new NodeStatus.Heap(1 << 20, 1 << 30),
            new NodeStatus.Memory(Optional.of(1L << 31), Map.of("cpu engine: weights", 1L << 29)));

    @Test
    void everyFamilyHasHelpAndTypeBeforeItsSamples() {
        String family = "";
        Set<String> seen = new TreeSet<>();
        for (String line : NodeMetrics.text(ALL).lines().toList()) {
            if (line.startsWith("# HELP ")) {
                family = line.substring(7, line.indexOf(' ', 7));
                assertThat(seen.add(family)).as(line).isTrue();
                assertThat(line).matches("# HELP " + family + " [A-Z1].*\\.");
            } else if (line.startsWith("# TYPE ")) {
                assertThat(line).matches("# TYPE " + family + " (gauge|counter)");
                assertThat(line.endsWith("counter")).isEqualTo(family.endsWith("_total"));
            } else {
                Matcher sample = SAMPLE.matcher(line.replace("\\\"", "'"));
                assertThat(sample.matches()).as(line).isTrue();
                assertThat(sample.group(1)).isEqualTo(family);
            }
        }
        assertThat(NodeMetrics.text(ALL)).endsWith("\n");
    }

    @Test
    void countsWhatTheRecorderWroteInThisLife() {
        NodeGauges gauges = new NodeGauges(Clock.systemUTC());
        assertThat(gauges.newest()).isEmpty();
        gauges.recorded().accept(new RunFact.MemoryShort("learner", "of an earlier life", ""));
        Consumer<RunFact> recorded = gauges.recorded();
        recorded.accept(new RunFact.MemoryShort("learner", "", ""));
        Trouble trouble = new Trouble("zero-variance", "warn", "", "");
        recorded.accept(new RunFact.TroubleFound(PolicyVersion.BASE.next(), List.of(), trouble));
        recorded.accept(new RunFact.TroubleFound(PolicyVersion.BASE.next(), List.of(), trouble));
        recorded.accept(new RunFact.CheckpointWritten(PolicyVersion.BASE, ""));
        recorded.accept(new RunFact.LoopMoved(PolicyVersion.BASE, 1, 1, "is no shortage"));
        recorded.accept(new RunFact.StepFinished(
                PolicyVersion.BASE.next(),
                "judging",
                List.of(),
                LedgerCounts.ZERO,
                Map.of("reward/mean", 1.5, "sampled/reward", Double.NaN)));
        assertThat(gauges.newest())
                .hasValue(new NodeGauges.Recorded(
                        new TreeMap<>(Map.of("zero-variance", 2L)), 1, new TreeMap<>(Map.of("reward/mean", 1.5))));
    }

    @Test
    void saysTheLedgerAndTheDemandOfTheRun() {
        assertThat(NodeMetrics.text(ALL))
                .contains(
                        "railhead_leases{state=\"issued\"} 40\n",
                        "railhead_leases{state=\"in-flight\"} 1\n",
                        "railhead_lease_backlog 5\n",
                        "railhead_leases_generating 6\n",
                        "railhead_leases_ready 7\n",
                        "railhead_lease_demand 11\n",
                        "railhead_permits 8\n",
                        "railhead_policy_version 7\n",
                        "railhead_messages_lost_total{why=\"dropped\"} 10\n",
                        "railhead_worker_serving_version{worker=\"a\\\"b\"} 6\n",
                        "railhead_scores_waiting 12\n");
    }

    /// docs/metrics.md has a row `| name | type | ... |` for each family, and no others.
    @Test
    void everyFamilyIsInTheTableOfTheDocumentation() throws IOException {
        Set<String> documented = new TreeSet<>();
        Matcher row = Pattern.compile("(?m)^\\| `(railhead_[a-z_]+)[^`]*` \\| (gauge|counter) \\|")
                .matcher(Files.readString(root().resolve("docs/metrics.md")));
        while (row.find()) {
            documented.add(row.group(1) + " " + row.group(2));
        }
        Set<String> emitted = new TreeSet<>();
        Matcher type = Pattern.compile("(?m)^# TYPE (\\S+ \\S+)$").matcher(NodeMetrics.text(ALL));
        while (type.find()) {
            emitted.add(type.group(1));
        }
        assertThat(documented).isEqualTo(emitted);
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("app") ? here.resolveSibling("") : here;
    }
}
