package io.railhead.app.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.Lease;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.protocol.Task;
import io.railhead.policy.FinishReason;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TokenIds;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RolloutTracesTest {
    private static final Incarnation LIFE = new Incarnation(2);
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    private final KeptSpans kept = new KeptSpans();
    private Instant now = START;

    /// Each node has spans of its own making; together they are one tree.
    @Test
    void theNodesSpansOfALeaseAreOneTrace() {
        RolloutSpans controller = node("head").orElseThrow();
        RolloutSpans rolloutNode = node("worker-1").orElseThrow();
        RolloutSpans rewardNode = node("worker-2").orElseThrow();

        controller.recorded(new RunFact.LeaseIssued(new LeaseId(7), 1, "judging", "p1", PolicyVersion.BASE, "w"));
        at(1);
        rolloutNode.granted(lease(7));
        at(4);
        rolloutNode.generated(rollout(7));
        at(5);
        rewardNode.toScore(rollout(7));
        at(6);
        rewardNode.scored(scored(7));
        at(7);
        controller.recorded(new RunFact.TrajectoryTaken(scored(7)));
        at(20);
        controller.recorded(ended(7, RunFact.LeaseEnded.Outcome.TRAINED));
        controller.recorded(step(7, 3.0));

        SpanData root = kept.only("rollout");
        assertThat(kept.spans()).extracting(SpanData::getTraceId).containsOnly(root.getTraceId());
        assertThat(kept.spans().stream().filter(span -> !span.equals(root)))
                .hasSize(4)
                .allMatch(span -> span.getParentSpanId().equals(root.getSpanId()));
        assertThat(seconds(root)).containsExactly(0, 20);
        assertThat(seconds(kept.only("generate"))).containsExactly(1, 4);
        assertThat(seconds(kept.only("score"))).containsExactly(5, 6);
        assertThat(seconds(kept.only("wait for train step"))).containsExactly(7, 17);
        assertThat(seconds(kept.only("train"))).containsExactly(17, 20);
        assertThat(node(kept.only("generate"))).isEqualTo("worker-1");
        assertThat(node(kept.only("score"))).isEqualTo("worker-2");
        assertThat(node(root)).isEqualTo("head");
    }

    @Test
    void aFailedLeaseIsAnError() {
        RolloutSpans controller = node("head").orElseThrow();
        controller.recorded(new RunFact.LeaseIssued(new LeaseId(7), 1, "judging", "p1", PolicyVersion.BASE, "w"));
        controller.recorded(ended(7, RunFact.LeaseEnded.Outcome.FAILED));

        assertThat(kept.only("rollout").getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(kept.only("rollout").getStatus().getDescription()).isEqualTo("why");
    }

    @Test
    void runsLivesAndLeasesHaveTracesOfTheirOwn() {
        LeaseId lease = new LeaseId(7);
        assertThat(List.of(
                        TraceIds.of("a", LIFE, lease),
                        TraceIds.of("b", LIFE, lease),
                        TraceIds.of("a", LIFE.next(), lease),
                        TraceIds.of("a", LIFE, new LeaseId(8))))
                .doesNotHaveDuplicates();
        assertThat(TraceIds.of("a", LIFE, lease)).isEqualTo(TraceIds.of("a", LIFE, lease));
    }

    @Test
    void aShareOfTheLeasesIsTraced() {
        assertThat(traced(0.25)).isBetween(2_300L, 2_700L);
        assertThat(traced(1)).isEqualTo(10_000);
        assertThat(traced(0)).isZero();
    }

    @Test
    void withoutAnEndpointNothingIsWatched() {
        try (RolloutTraces off = RolloutTraces.start(config(""), Path.of("run"), "n", () -> now)) {
            off.of(LIFE).recorded().accept(ended(7, RunFact.LeaseEnded.Outcome.FAILED));
        }
        assertThat(kept.spans()).isEmpty();
    }

    /// A collector that takes connections and never answers.
    @Test
    void aCollectorThatIsAwayIsNotWaitedFor() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0)) {
            RolloutTraces traces = RolloutTraces.start(
                    config("traces { endpoint = \"http://127.0.0.1:%d/v1/traces\", timeout = 300ms }"
                            .formatted(deaf.getLocalPort())),
                    Path.of("run"),
                    "n",
                    () -> now);
            traces.of(LIFE)
                    .recorded()
                    .accept(new RunFact.LeaseIssued(new LeaseId(7), 1, "s", "p", PolicyVersion.BASE, "w"));
            traces.of(LIFE).recorded().accept(ended(7, RunFact.LeaseEnded.Outcome.FAILED));
            long start = System.nanoTime();
            traces.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        }
    }

    private Optional<RolloutSpans> node(String name) {
        RolloutTraces traces = RolloutTraces.to(
                SimpleSpanProcessor.create(kept),
                new TraceSettings(Optional.empty(), 1, Optional.empty(), Duration.ofSeconds(1)),
                "mine",
                name,
                () -> now);
        return traces.of(LIFE).spans();
    }

    private void at(int seconds) {
        now = START.plusSeconds(seconds);
    }

    private static long traced(double share) {
        return LongStream.range(0, 10_000)
                .filter(lease -> TraceIds.traced(share, "mine", LIFE, new LeaseId(lease)))
                .count();
    }

    private static List<Integer> seconds(SpanData span) {
        return List.of(since(span.getStartEpochNanos()), since(span.getEndEpochNanos()));
    }

    private static int since(long epochNanos) {
        return (int) (epochNanos / 1_000_000_000 - START.getEpochSecond());
    }

    private static String node(SpanData span) {
        return String.valueOf(span.getResource().getAttribute(AttributeKey.stringKey("service.instance.id")));
    }

    private static Config config(String settings) {
        return ConfigFactory.parseString("railhead { %s }".formatted(settings))
                .withFallback(ConfigFactory.defaultReference());
    }

    private static Task task() {
        return new Task(new Prompt("p1", "?", List.of()), "kind", "easy", "key");
    }

    private static Lease lease(long id) {
        return new Lease(
                new LeaseId(id),
                1,
                "judging",
                task(),
                1,
                List.of(0),
                PolicyVersion.BASE,
                PolicyVersion.BASE,
                SamplingParams.greedy(8),
                1,
                START.plusSeconds(60));
    }

    private static Rollout rollout(long lease) {
        return new Rollout(
                new LeaseId(lease),
                1,
                0,
                "judging",
                task(),
                TokenIds.of(1),
                SampledTokens.of(TokenIds.of(1, 2), new float[2], new long[2]),
                "text",
                FinishReason.STOP,
                "w");
    }

    private static ScoredRollout scored(long lease) {
        return new ScoredRollout(rollout(lease), new Score(1.5, true, 1, List.of()));
    }

    private static RunFact ended(long lease, RunFact.LeaseEnded.Outcome outcome) {
        return new RunFact.LeaseEnded(new LeaseId(lease), outcome, new PolicyVersion(3), "why");
    }

    private static RunFact step(long lease, double seconds) {
        return new RunFact.StepFinished(
                new PolicyVersion(3),
                "judging",
                List.of(new LeaseId(lease)),
                LedgerCounts.ZERO,
                Map.of("time/train-seconds", seconds));
    }
}
