package io.railhead.app.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.Lease;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.RunFact.LeaseEnded.Outcome;
import io.railhead.actors.protocol.ScoredRollout;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The spans of one life, as `docs/tracing.md` has them. Thread-safe.
///
/// ```
/// rollout                  the controller's node: from the lease's issue to its end
///   generate               a rollout node: from the grant's arrival to the response, one a sample
///   score                  a reward node: from the response's arrival to its score, one a sample
///   wait for train step    the controller's node: from the last sample to the step
///   train                  the controller's node: the train step
/// ```
/// What began and never ends (a worker that is lost) is forgotten when [#MOST] others have begun.
final class RolloutSpans {
    private static final int MOST = 65_536;
    private static final String SECONDS = "time/train-seconds";

    private final Tracer tracer;
    private final double share;
    private final String run;
    private final Incarnation life;
    private final InstantSource clock;
    private final Map<Attempt, Instant> granted = begun();
    private final Map<Sample, Instant> arrived = begun();
    private final Map<LeaseId, Issued> issued = begun();

    private record Attempt(LeaseId lease, int attempt) {}

    private record Sample(LeaseId lease, int attempt, int index) {}

    private static final class Issued {
        private final Instant at;
        private final RunFact.LeaseIssued fact;
        private int attempts;
        private Instant lastSample;

        Issued(Instant at, RunFact.LeaseIssued fact) {
            this.at = at;
            this.fact = fact;
            this.lastSample = at;
        }
    }

    RolloutSpans(Tracer tracer, double share, String run, Incarnation life, InstantSource clock) {
        this.tracer = tracer;
        this.share = share;
        this.run = run;
        this.life = life;
        this.clock = clock;
    }

    synchronized void granted(Lease lease) {
        if (isTraced(lease.id())) {
            granted.put(new Attempt(lease.id(), lease.attempt()), clock.instant());
        }
    }

    synchronized void generated(Rollout rollout) {
        Instant from = granted.get(new Attempt(rollout.lease(), rollout.attempt()));
        if (from != null) {
            sample("generate", rollout, from)
                    .setAttribute("railhead.worker", rollout.workerId())
                    .setAttribute(
                            "railhead.prompt_tokens", rollout.promptTokens().size())
                    .setAttribute("railhead.response_tokens", rollout.response().size())
                    .setAttribute(
                            "railhead.finish", rollout.finishReason().name().toLowerCase(java.util.Locale.ROOT))
                    .startSpan()
                    .end(clock.instant());
        }
    }

    synchronized void toScore(Rollout rollout) {
        if (isTraced(rollout.lease())) {
            arrived.put(new Sample(rollout.lease(), rollout.attempt(), rollout.sampleIndex()), clock.instant());
        }
    }

    synchronized void scored(ScoredRollout trajectory) {
        Rollout rollout = trajectory.rollout();
        Instant from = arrived.remove(new Sample(rollout.lease(), rollout.attempt(), rollout.sampleIndex()));
        if (from != null) {
            sample("score", rollout, from)
                    .setAttribute("railhead.reward", trajectory.score().reward())
                    .setAttribute("railhead.correct", trajectory.score().correct())
                    .startSpan()
                    .end(clock.instant());
        }
    }

    synchronized void recorded(RunFact fact) {
        switch (fact) {
            case RunFact.LeaseIssued lease -> issued(lease);
            case RunFact.TrajectoryTaken(var trajectory) ->
                Optional.ofNullable(issued.get(trajectory.rollout().lease()))
                        .ifPresent(lease -> lease.lastSample = clock.instant());
            case RunFact.LeaseEnded ended -> {
                if (ended.outcome() != Outcome.TRAINED) { // those have their train step before them
                    ended(ended.lease(), ended.outcome(), ended.at().number(), ended.cause());
                }
            }
            case RunFact.StepFinished step -> step.trained().forEach(lease -> trained(lease, step));
            case RunFact _ -> {}
        }
    }

    private void issued(RunFact.LeaseIssued lease) {
        if (isTraced(lease.lease())) {
            issued.computeIfAbsent(lease.lease(), _ -> new Issued(clock.instant(), lease)).attempts++;
        }
    }

    private void trained(LeaseId id, RunFact.StepFinished step) {
        Issued lease = issued.get(id);
        if (lease == null) {
            return;
        }
        Instant end = clock.instant();
        long nanos = (long) (step.metrics().getOrDefault(SECONDS, 0.0) * 1e9);
        Instant start = later(lease.lastSample, end.minus(Duration.ofNanos(nanos)));
        child("wait for train step", id, lease.lastSample).startSpan().end(start);
        child("train", id, start)
                .setAttribute("railhead.version", step.version().number())
                .startSpan()
                .end(end);
        ended(id, Outcome.TRAINED, step.version().number(), "");
    }

    private void ended(LeaseId id, Outcome outcome, long version, String cause) {
        Issued lease = issued.remove(id);
        if (lease == null) {
            return;
        }
        Span root = RootIds.with(
                ids(id),
                () -> tracer.spanBuilder("rollout")
                        .setNoParent()
                        .setStartTimestamp(lease.at)
                        .setAttribute("railhead.lease", id.ordinal())
                        .setAttribute("railhead.attempts", lease.attempts)
                        .setAttribute("railhead.prompt", lease.fact.promptId())
                        .setAttribute("railhead.stage", lease.fact.stage())
                        .setAttribute(
                                "railhead.issued_at_version", lease.fact.at().number())
                        .setAttribute("railhead.ended_at_version", version)
                        .setAttribute("railhead.outcome", outcome.name().toLowerCase(java.util.Locale.ROOT))
                        .startSpan());
        if (outcome == Outcome.FAILED) {
            root.setStatus(StatusCode.ERROR, cause);
        }
        root.end(clock.instant());
    }

    private SpanBuilder sample(String name, Rollout rollout, Instant from) {
        return child(name, rollout.lease(), from)
                .setAttribute("railhead.sample", rollout.sampleIndex())
                .setAttribute("railhead.attempt", rollout.attempt());
    }

    private SpanBuilder child(String name, LeaseId lease, Instant from) {
        return tracer.spanBuilder(name)
                .setParent(Context.root().with(Span.wrap(ids(lease).context())))
                .setStartTimestamp(from);
    }

    private boolean isTraced(LeaseId lease) {
        return TraceIds.traced(share, run, life, lease);
    }

    private TraceIds ids(LeaseId lease) {
        return TraceIds.of(run, life, lease);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static <K, V> Map<K, V> begun() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > MOST;
            }
        };
    }
}
