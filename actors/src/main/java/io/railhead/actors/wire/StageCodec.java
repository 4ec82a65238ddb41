package io.railhead.actors.wire;

import static io.railhead.actors.wire.Checks.each;
import static io.railhead.actors.wire.Checks.notNegative;
import static io.railhead.actors.wire.Checks.present;
import static io.railhead.actors.wire.Checks.valid;

import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.StageSnapshot;
import io.railhead.actors.protocol.StageSnapshot.CurriculumPosition;
import io.railhead.actors.protocol.StageSnapshot.LoopPosition;
import io.railhead.actors.protocol.StageSnapshot.OpenLease;
import java.util.List;
import java.util.Optional;

/// The stage controller's durable state on the wire and in a checkpoint's `state.pb`.
public final class StageCodec {
    private StageCodec() {}

    public static io.railhead.protos.v1.StageSnapshot toProto(StageSnapshot snapshot) {
        io.railhead.protos.v1.StageSnapshot.Builder proto = io.railhead.protos.v1.StageSnapshot.newBuilder()
                .setVersion(snapshot.version().number())
                .setLedger(toProto(snapshot.ledger()))
                .addAllOpen(each(snapshot.open(), StageCodec::toProto))
                .setCurriculum(toProto(snapshot.curriculum()))
                .setNextLeaseId(snapshot.nextLeaseId());
        snapshot.loop().ifPresent(loop -> proto.setLoop(toProto(loop)));
        return proto.build();
    }

    public static StageSnapshot fromProto(io.railhead.protos.v1.StageSnapshot proto) {
        present(proto.hasLedger(), "StageSnapshot.ledger");
        present(proto.hasCurriculum(), "StageSnapshot.curriculum");
        LedgerCounts ledger = fromProto(proto.getLedger());
        List<OpenLease> open = each(proto.getOpenList(), StageCodec::fromProto);
        return valid(
                "StageSnapshot.open",
                () -> new StageSnapshot(
                        Checks.version(proto.getVersion(), "StageSnapshot.version"),
                        ledger,
                        open,
                        fromProto(proto.getCurriculum()),
                        notNegative(proto.getNextLeaseId(), "StageSnapshot.next_lease_id"),
                        proto.hasLoop() ? Optional.of(fromProto(proto.getLoop())) : Optional.empty()));
    }

    static io.railhead.protos.v1.LedgerCounts toProto(LedgerCounts counts) {
        return io.railhead.protos.v1.LedgerCounts.newBuilder()
                .setIssued(counts.issued())
                .setTrained(counts.trained())
                .setFiltered(counts.filtered())
                .setStale(counts.stale())
                .setFailed(counts.failed())
                .setInFlight(counts.inFlight())
                .build();
    }

    static LedgerCounts fromProto(io.railhead.protos.v1.LedgerCounts proto) {
        return valid(
                "LedgerCounts",
                () -> new LedgerCounts(
                        notNegative(proto.getIssued(), "LedgerCounts.issued"),
                        notNegative(proto.getTrained(), "LedgerCounts.trained"),
                        notNegative(proto.getFiltered(), "LedgerCounts.filtered"),
                        notNegative(proto.getStale(), "LedgerCounts.stale"),
                        notNegative(proto.getFailed(), "LedgerCounts.failed"),
                        notNegative(proto.getInFlight(), "LedgerCounts.in_flight")));
    }

    private static io.railhead.protos.v1.OpenLease toProto(OpenLease lease) {
        return io.railhead.protos.v1.OpenLease.newBuilder()
                .setId(lease.id().ordinal())
                .setAttempt(lease.attempt())
                .setStage(lease.stage())
                .setPromptId(lease.promptId())
                .setIssuedAtVersion(lease.issuedAt().number())
                .build();
    }

    private static OpenLease fromProto(io.railhead.protos.v1.OpenLease proto) {
        return new OpenLease(
                Checks.lease(proto.getId(), "OpenLease.id"),
                notNegative(proto.getAttempt(), "OpenLease.attempt"),
                proto.getStage(),
                proto.getPromptId(),
                Checks.version(proto.getIssuedAtVersion(), "OpenLease.issued_at_version"));
    }

    private static io.railhead.protos.v1.CurriculumPosition toProto(CurriculumPosition position) {
        return io.railhead.protos.v1.CurriculumPosition.newBuilder()
                .setStageIndex(position.stageIndex())
                .addAllDrawn(position.drawn())
                .setTrainedInStage(position.trainedInStage())
                .setMastery(position.mastery())
                .setBestMastery(position.bestMastery())
                .setGroupsSinceBest(position.groupsSinceBest())
                .putAllRecentMeans(position.recentMeans())
                .build();
    }

    private static CurriculumPosition fromProto(io.railhead.protos.v1.CurriculumPosition proto) {
        return new CurriculumPosition(
                notNegative(proto.getStageIndex(), "CurriculumPosition.stage_index"),
                each(proto.getDrawnList(), drawn -> notNegative(drawn, "CurriculumPosition.drawn")),
                notNegative(proto.getTrainedInStage(), "CurriculumPosition.trained_in_stage"),
                proto.getMastery(),
                proto.getBestMastery(),
                notNegative(proto.getGroupsSinceBest(), "CurriculumPosition.groups_since_best"),
                proto.getRecentMeansMap());
    }

    private static io.railhead.protos.v1.LoopPosition toProto(LoopPosition loop) {
        return io.railhead.protos.v1.LoopPosition.newBuilder()
                .setStaleness(loop.staleness())
                .setRateFactor(loop.rateFactor())
                .setSteps(loop.steps())
                .setEffective(loop.effective())
                .setMismatch(loop.mismatch())
                .build();
    }

    private static LoopPosition fromProto(io.railhead.protos.v1.LoopPosition proto) {
        return new LoopPosition(
                notNegative(proto.getStaleness(), "LoopPosition.staleness"),
                proto.getRateFactor(),
                notNegative(proto.getSteps(), "LoopPosition.steps"),
                proto.getEffective(),
                proto.getMismatch());
    }
}
