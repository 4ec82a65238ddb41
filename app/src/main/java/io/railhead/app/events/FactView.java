package io.railhead.app.events;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.protocol.Trouble;
import io.railhead.app.report.Progress;
import io.railhead.policy.PolicyVersion;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a fact is about, and how it reads: what can be asked for, a sentence, and fields for programs.
///
/// @param kind one of [#KINDS]
/// @param version of the policy that the fact is about
/// @param fields beside those that all facts have
record FactView(
        String kind,
        Optional<PolicyVersion> version,
        List<LeaseId> leases,
        Optional<String> prompt,
        Optional<String> worker,
        String sentence,
        ObjectNode fields) {
    /// Every kind of fact, as `--kind` takes it.
    static final List<String> KINDS = List.of(
            "life",
            "learner",
            "issued",
            "sample",
            "ended",
            "step",
            "weights",
            "commit",
            "stage",
            "trouble",
            "alert",
            "alert-over",
            "memory",
            "loop");

    private static final ObjectMapper JSON = new ObjectMapper();

    FactView {
        leases = List.copyOf(leases);
    }

    private static FactView of(String kind, String sentence) {
        return new FactView(
                kind,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                sentence,
                JSON.createObjectNode());
    }

    private FactView at(PolicyVersion of) {
        return new FactView(kind, Optional.of(of), leases, prompt, worker, sentence, fields);
    }

    private FactView about(List<LeaseId> of) {
        return new FactView(kind, version, of, prompt, worker, sentence, fields);
    }

    private FactView asking(String of) {
        return new FactView(kind, version, leases, Optional.of(of), worker, sentence, fields);
    }

    private FactView by(String of) {
        return new FactView(kind, version, leases, prompt, Optional.of(of), sentence, fields);
    }

    private FactView with(String name, String value) {
        fields.put(name, value);
        return this;
    }

    private FactView with(String name, long value) {
        fields.put(name, value);
        return this;
    }

    static FactView of(RunFact fact) {
        return switch (fact) {
            case RunFact.IncarnationBegan(Incarnation life, Incarnation parent, var from) -> {
                FactView view = of(
                                "life",
                                "life %s from %s"
                                        .formatted(
                                                life, from.map(Object::toString).orElse("nothing")))
                        .with("life", life.number())
                        .with("parent", parent.number());
                yield from.map(view::at).orElse(view);
            }
            case RunFact.LearnerStarted started ->
                of(
                                "learner",
                                "learner of life %s on %d native threads, %s"
                                        .formatted(started.incarnation(), started.nativeThreads(), started.platform()))
                        .with("life", started.incarnation().number())
                        .with("native_threads", started.nativeThreads())
                        .with("platform", started.platform());
            case RunFact.LeaseIssued issued ->
                of(
                                "issued",
                                "issued %s attempt %d at %s to %s prompt %s"
                                        .formatted(
                                                issued.lease(),
                                                issued.attempt(),
                                                issued.at(),
                                                issued.workerId(),
                                                issued.promptId()))
                        .at(issued.at())
                        .about(List.of(issued.lease()))
                        .asking(issued.promptId())
                        .by(issued.workerId())
                        .with("attempt", issued.attempt())
                        .with("stage", issued.stage());
            case RunFact.TrajectoryTaken(ScoredRollout trajectory) -> sample(trajectory);
            case RunFact.LeaseEnded ended ->
                of(
                                "ended",
                                "ended %s %s at %s %s"
                                        .formatted(
                                                ended.lease(),
                                                ended.outcome().name().toLowerCase(Locale.ROOT),
                                                ended.at(),
                                                ended.cause()))
                        .at(ended.at())
                        .about(List.of(ended.lease()))
                        .with("outcome", ended.outcome().name().toLowerCase(Locale.ROOT))
                        .with("cause", ended.cause());
            case RunFact.StepFinished step -> {
                FactView view = of("step", "step %s %s".formatted(step.version(), Progress.sentence(step.ledger())))
                        .at(step.version())
                        .about(step.trained())
                        .with("stage", step.stage());
                view.fields().set("ledger", JSON.valueToTree(step.ledger()));
                view.fields().set("metrics", JSON.valueToTree(step.metrics()));
                yield view;
            }
            case RunFact.WeightsMade made ->
                of("weights", "weights %s %s".formatted(made.version(), made.root()))
                        .at(made.version())
                        .with("root", made.root());
            case RunFact.CheckpointWritten written ->
                of("commit", "commit %s %s".formatted(written.version(), written.path()))
                        .at(written.version())
                        .with("path", written.path());
            case RunFact.StageAdvanced advanced ->
                of("stage", "stage %s to %s: %s".formatted(advanced.from(), advanced.to(), advanced.cause()))
                        .at(advanced.at())
                        .with("from", advanced.from())
                        .with("to", advanced.to())
                        .with("cause", advanced.cause());
            case RunFact.LoopMoved moved -> {
                FactView view = of(
                                "loop",
                                "loop at %s: staleness %d, rate factor %s: %s"
                                        .formatted(moved.at(), moved.staleness(), moved.rateFactor(), moved.cause()))
                        .at(moved.at())
                        .with("staleness", moved.staleness())
                        .with("cause", moved.cause());
                view.fields().put("rate_factor", moved.rateFactor());
                yield view;
            }
            case RunFact.TroubleFound(PolicyVersion version, var batch, Trouble trouble) ->
                of(
                                "trouble",
                                "trouble in the step to %s of %d leases: %s: %s; %s %s"
                                        .formatted(
                                                version,
                                                batch.size(),
                                                trouble.kind(),
                                                trouble.cause(),
                                                trouble.action(),
                                                trouble.file()))
                        .at(version)
                        .about(batch)
                        .with("trouble", trouble.kind())
                        .with("action", trouble.action())
                        .with("cause", trouble.cause())
                        .with("file", trouble.file());
            case RunFact.AlertRaised raised -> {
                FactView view = of(
                                "alert",
                                "alert %s: %s %s since %s; %s"
                                        .formatted(
                                                raised.alert(),
                                                raised.owner(),
                                                raised.detail(),
                                                raised.since(),
                                                raised.action()))
                        .with("alert", raised.alert())
                        .with("owner", raised.owner())
                        .with("detail", raised.detail())
                        .with("since", raised.since().toString())
                        .with("action", raised.action());
                yield workerOf(raised.owner()).map(view::by).orElse(view);
            }
            case RunFact.AlertCleared cleared -> {
                FactView view = of("alert-over", "alert %s of %s is over".formatted(cleared.alert(), cleared.owner()))
                        .with("alert", cleared.alert())
                        .with("owner", cleared.owner());
                yield workerOf(cleared.owner()).map(view::by).orElse(view);
            }
            case RunFact.MemoryShort low ->
                of("memory", "out of memory: %s: %s; %s".formatted(low.who(), low.cause(), low.answer()))
                        .with("who", low.who())
                        .with("cause", low.cause())
                        .with("answer", low.answer());
        };
    }

    private static FactView sample(ScoredRollout trajectory) {
        Rollout rollout = trajectory.rollout();
        FactView view = of(
                        "sample",
                        "sample %s %d attempt %d from %s"
                                .formatted(
                                        rollout.lease(), rollout.sampleIndex(), rollout.attempt(), rollout.workerId()))
                .about(List.of(rollout.lease()))
                .asking(rollout.task().prompt().id())
                .by(rollout.workerId())
                .with("sample", rollout.sampleIndex())
                .with("attempt", rollout.attempt())
                .with("tokens", rollout.response().size())
                .with("text", rollout.text());
        view.fields().put("reward", trajectory.score().reward());
        view.fields().put("correct", trajectory.score().correct());
        return rollout.response().size() == 0
                ? view
                : view.at(rollout.response().oldestVersion());
    }

    private static Optional<String> workerOf(String owner) {
        return owner.startsWith("worker ") ? Optional.of(owner.substring("worker ".length())) : Optional.empty();
    }

    /// One line of JSON.
    String json(long epochMillis) {
        ObjectNode line =
                JSON.createObjectNode().put("epoch_millis", epochMillis).put("kind", kind);
        version.ifPresent(of -> line.put("version", of.number()));
        if (leases.size() == 1 && !kind.equals("step") && !kind.equals("trouble")) {
            line.put("lease", leases.getFirst().ordinal());
        } else if (!leases.isEmpty()) {
            ArrayNode ids = line.putArray("leases");
            leases.forEach(lease -> ids.add(lease.ordinal()));
        }
        prompt.ifPresent(of -> line.put("prompt", of));
        worker.ifPresent(of -> line.put("worker", of));
        line.setAll(fields);
        return line.toString();
    }
}
