package io.railhead.actors.wire;

import static io.railhead.actors.wire.Checks.each;
import static io.railhead.actors.wire.Checks.notNegative;
import static io.railhead.actors.wire.Checks.present;

import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.Trouble;
import io.railhead.protos.v1.AlertCleared;
import io.railhead.protos.v1.AlertRaised;
import io.railhead.protos.v1.CheckpointCommitted;
import io.railhead.protos.v1.IncarnationBegan;
import io.railhead.protos.v1.LearnerStarted;
import io.railhead.protos.v1.LeaseEnded;
import io.railhead.protos.v1.LeaseIssued;
import io.railhead.protos.v1.LoopMoved;
import io.railhead.protos.v1.MemoryShort;
import io.railhead.protos.v1.RunEvent;
import io.railhead.protos.v1.StageAdvanced;
import io.railhead.protos.v1.StepFinished;
import io.railhead.protos.v1.TroubleFound;
import io.railhead.protos.v1.WeightsMade;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// What happened in a run, on the wire and as a record of the event log. Times are in whole milliseconds.
public final class FactCodec {
    private FactCodec() {}

    public static RunEvent toProto(Instant at, RunFact fact) {
        RunEvent.Builder event = RunEvent.newBuilder().setEpochMillis(at.toEpochMilli());
        return switch (fact) {
            case RunFact.LeaseIssued issued ->
                event.setLeaseIssued(toProto(issued)).build();
            case RunFact.LeaseEnded ended -> event.setLeaseEnded(toProto(ended)).build();
            case RunFact.TrajectoryTaken taken ->
                event.setTrajectory(RolloutCodec.toProto(taken.trajectory())).build();
            case RunFact.StepFinished step ->
                event.setStepFinished(toProto(step)).build();
            case RunFact.CheckpointWritten written ->
                event.setCheckpointCommitted(CheckpointCommitted.newBuilder()
                                .setVersion(written.version().number())
                                .setPath(written.path()))
                        .build();
            case RunFact.IncarnationBegan began ->
                event.setIncarnationBegan(toProto(began)).build();
            case RunFact.LearnerStarted started ->
                event.setLearnerStarted(LearnerStarted.newBuilder()
                                .setIncarnation(started.incarnation().number())
                                .setSettings(started.settings())
                                .setNativeThreads(started.nativeThreads())
                                .setPlatform(started.platform()))
                        .build();
            case RunFact.WeightsMade made ->
                event.setWeightsMade(WeightsMade.newBuilder()
                                .setVersion(made.version().number())
                                .setRoot(made.root()))
                        .build();
            case RunFact.TroubleFound found ->
                event.setTroubleFound(toProto(found)).build();
            case RunFact.AlertRaised raised ->
                event.setAlertRaised(AlertRaised.newBuilder()
                                .setAlert(raised.alert())
                                .setOwner(raised.owner())
                                .setDetail(raised.detail())
                                .setSinceEpochMillis(raised.since().toEpochMilli())
                                .setAction(raised.action()))
                        .build();
            case RunFact.AlertCleared cleared ->
                event.setAlertCleared(AlertCleared.newBuilder()
                                .setAlert(cleared.alert())
                                .setOwner(cleared.owner()))
                        .build();
            case RunFact.MemoryShort low ->
                event.setMemoryShort(MemoryShort.newBuilder()
                                .setWho(low.who())
                                .setCause(low.cause())
                                .setAnswer(low.answer()))
                        .build();
            case RunFact.LoopMoved moved ->
                event.setLoopMoved(LoopMoved.newBuilder()
                                .setAtVersion(moved.at().number())
                                .setStaleness(moved.staleness())
                                .setRateFactor(moved.rateFactor())
                                .setCause(moved.cause()))
                        .build();
            case RunFact.StageAdvanced advanced ->
                event.setStageAdvanced(StageAdvanced.newBuilder()
                                .setFrom(advanced.from())
                                .setTo(advanced.to())
                                .setAtVersion(advanced.at().number())
                                .setCause(advanced.cause()))
                        .build();
        };
    }

    public static Instant timeOf(RunEvent event) {
        return Instant.ofEpochMilli(event.getEpochMillis());
    }

    public static RunFact fromProto(RunEvent event) {
        return switch (event.getEventCase()) {
            case LEASE_ISSUED -> fromProto(event.getLeaseIssued());
            case LEASE_ENDED -> fromProto(event.getLeaseEnded());
            case TRAJECTORY -> new RunFact.TrajectoryTaken(RolloutCodec.fromProto(event.getTrajectory()));
            case STEP_FINISHED -> fromProto(event.getStepFinished());
            case CHECKPOINT_COMMITTED ->
                new RunFact.CheckpointWritten(
                        Checks.version(event.getCheckpointCommitted().getVersion(), "CheckpointCommitted.version"),
                        event.getCheckpointCommitted().getPath());
            case STAGE_ADVANCED ->
                new RunFact.StageAdvanced(
                        event.getStageAdvanced().getFrom(),
                        event.getStageAdvanced().getTo(),
                        Checks.version(event.getStageAdvanced().getAtVersion(), "StageAdvanced.at_version"),
                        event.getStageAdvanced().getCause());
            case INCARNATION_BEGAN -> fromProto(event.getIncarnationBegan());
            case LEARNER_STARTED ->
                new RunFact.LearnerStarted(
                        new Incarnation(
                                notNegative(event.getLearnerStarted().getIncarnation(), "LearnerStarted.incarnation")),
                        event.getLearnerStarted().getSettings(),
                        notNegative(event.getLearnerStarted().getNativeThreads(), "LearnerStarted.native_threads"),
                        event.getLearnerStarted().getPlatform());
            case WEIGHTS_MADE ->
                new RunFact.WeightsMade(
                        Checks.version(event.getWeightsMade().getVersion(), "WeightsMade.version"),
                        event.getWeightsMade().getRoot());
            case TROUBLE_FOUND -> fromProto(event.getTroubleFound());
            case ALERT_RAISED ->
                new RunFact.AlertRaised(
                        event.getAlertRaised().getAlert(),
                        event.getAlertRaised().getOwner(),
                        event.getAlertRaised().getDetail(),
                        Instant.ofEpochMilli(event.getAlertRaised().getSinceEpochMillis()),
                        event.getAlertRaised().getAction());
            case ALERT_CLEARED ->
                new RunFact.AlertCleared(
                        event.getAlertCleared().getAlert(),
                        event.getAlertCleared().getOwner());
            case MEMORY_SHORT ->
                new RunFact.MemoryShort(
                        event.getMemoryShort().getWho(),
                        event.getMemoryShort().getCause(),
                        event.getMemoryShort().getAnswer());
            case LOOP_MOVED ->
                new RunFact.LoopMoved(
                        Checks.version(event.getLoopMoved().getAtVersion(), "LoopMoved.at_version"),
                        notNegative(event.getLoopMoved().getStaleness(), "LoopMoved.staleness"),
                        event.getLoopMoved().getRateFactor(),
                        event.getLoopMoved().getCause());
            case EVENT_NOT_SET -> throw new MalformedMessageException("RunEvent.event is missing or unknown");
        };
    }

    private static TroubleFound toProto(RunFact.TroubleFound found) {
        return TroubleFound.newBuilder()
                .setVersion(found.version().number())
                .addAllLeaseIds(found.batch().stream().map(LeaseId::ordinal).toList())
                .setKind(found.trouble().kind())
                .setAction(found.trouble().action())
                .setCause(found.trouble().cause())
                .setFile(found.trouble().file())
                .build();
    }

    private static RunFact fromProto(TroubleFound proto) {
        return new RunFact.TroubleFound(
                Checks.version(proto.getVersion(), "TroubleFound.version"),
                each(proto.getLeaseIdsList(), id -> Checks.lease(id, "TroubleFound.lease_ids")),
                new Trouble(proto.getKind(), proto.getAction(), proto.getCause(), proto.getFile()));
    }

    private static LeaseIssued toProto(RunFact.LeaseIssued issued) {
        return LeaseIssued.newBuilder()
                .setLeaseId(issued.lease().ordinal())
                .setAttempt(issued.attempt())
                .setStage(issued.stage())
                .setPromptId(issued.promptId())
                .setAtVersion(issued.at().number())
                .setWorkerId(issued.workerId())
                .build();
    }

    private static RunFact fromProto(LeaseIssued proto) {
        return new RunFact.LeaseIssued(
                Checks.lease(proto.getLeaseId(), "LeaseIssued.lease_id"),
                notNegative(proto.getAttempt(), "LeaseIssued.attempt"),
                proto.getStage(),
                proto.getPromptId(),
                Checks.version(proto.getAtVersion(), "LeaseIssued.at_version"),
                proto.getWorkerId());
    }

    private static LeaseEnded toProto(RunFact.LeaseEnded ended) {
        return LeaseEnded.newBuilder()
                .setLeaseId(ended.lease().ordinal())
                .setOutcome(ended.outcome().name().toLowerCase(Locale.ROOT))
                .setAtVersion(ended.at().number())
                .setCause(ended.cause())
                .build();
    }

    private static RunFact fromProto(LeaseEnded proto) {
        RunFact.LeaseEnded.Outcome outcome = switch (proto.getOutcome()) {
            case "trained" -> RunFact.LeaseEnded.Outcome.TRAINED;
            case "filtered" -> RunFact.LeaseEnded.Outcome.FILTERED;
            case "stale" -> RunFact.LeaseEnded.Outcome.STALE;
            case "failed" -> RunFact.LeaseEnded.Outcome.FAILED;
            default -> throw new MalformedMessageException("LeaseEnded.outcome is unknown: " + proto.getOutcome());
        };
        return new RunFact.LeaseEnded(
                Checks.lease(proto.getLeaseId(), "LeaseEnded.lease_id"),
                outcome,
                Checks.version(proto.getAtVersion(), "LeaseEnded.at_version"),
                proto.getCause());
    }

    private static IncarnationBegan toProto(RunFact.IncarnationBegan began) {
        IncarnationBegan.Builder proto = IncarnationBegan.newBuilder()
                .setIncarnation(began.incarnation().number())
                .setParent(began.parent().number());
        began.from().ifPresent(version -> proto.setFromVersion(version.number()));
        return proto.build();
    }

    private static RunFact fromProto(IncarnationBegan proto) {
        return new RunFact.IncarnationBegan(
                new Incarnation(notNegative(proto.getIncarnation(), "IncarnationBegan.incarnation")),
                new Incarnation(notNegative(proto.getParent(), "IncarnationBegan.parent")),
                proto.hasFromVersion()
                        ? Optional.of(Checks.version(proto.getFromVersion(), "IncarnationBegan.from_version"))
                        : Optional.empty());
    }

    private static StepFinished toProto(RunFact.StepFinished step) {
        return StepFinished.newBuilder()
                .setVersion(step.version().number())
                .setStage(step.stage())
                .addAllLeaseIds(each(step.trained(), LeaseId::ordinal))
                .setLedger(StageCodec.toProto(step.ledger()))
                .putAllMetrics(step.metrics())
                .build();
    }

    private static RunFact fromProto(StepFinished proto) {
        present(proto.hasLedger(), "StepFinished.ledger");
        return new RunFact.StepFinished(
                Checks.version(proto.getVersion(), "StepFinished.version"),
                proto.getStage(),
                each(proto.getLeaseIdsList(), id -> Checks.lease(id, "StepFinished.lease_ids")),
                StageCodec.fromProto(proto.getLedger()),
                proto.getMetricsMap());
    }
}
