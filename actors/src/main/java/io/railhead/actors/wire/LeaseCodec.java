package io.railhead.actors.wire;

import static io.railhead.actors.wire.Checks.each;
import static io.railhead.actors.wire.Checks.notNegative;
import static io.railhead.actors.wire.Checks.present;
import static io.railhead.actors.wire.Checks.valid;

import io.railhead.actors.protocol.Lease;
import io.railhead.actors.protocol.RolloutCommand.LeasesGranted;
import io.railhead.actors.protocol.Task;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.Prompt;
import io.railhead.policy.SamplingParams;
import java.time.Instant;
import java.util.List;

/// Leases, tasks and prompts on the wire, with their pictures by name. Deadlines travel in whole milliseconds.
public final class LeaseCodec {
    private LeaseCodec() {}

    public static io.railhead.protos.v1.LeasesGranted toProto(LeasesGranted granted) {
        return io.railhead.protos.v1.LeasesGranted.newBuilder()
                .addAllLeases(each(granted.leases(), LeaseCodec::toProto))
                .setMore(granted.more())
                .build();
    }

    public static LeasesGranted fromProto(io.railhead.protos.v1.LeasesGranted proto) {
        return new LeasesGranted(each(proto.getLeasesList(), LeaseCodec::fromProto), proto.getMore());
    }

    public static io.railhead.protos.v1.Lease toProto(Lease lease) {
        return io.railhead.protos.v1.Lease.newBuilder()
                .setId(lease.id().ordinal())
                .setAttempt(lease.attempt())
                .setStage(lease.stage())
                .setTask(toProto(lease.task()))
                .setGroupSize(lease.groupSize())
                .addAllSampleIndices(lease.sampleIndices())
                .setIssuedAtVersion(lease.issuedAt().number())
                .setFloorVersion(lease.floor().number())
                .setSampling(toProto(lease.sampling()))
                .setSeed(lease.seed())
                .setDeadlineEpochMillis(lease.deadline().toEpochMilli())
                .build();
    }

    public static Lease fromProto(io.railhead.protos.v1.Lease proto) {
        present(proto.hasTask(), "Lease.task");
        present(proto.hasSampling(), "Lease.sampling");
        Task task = fromProto(proto.getTask());
        SamplingParams sampling = fromProto(proto.getSampling());
        List<Integer> indices = each(proto.getSampleIndicesList(), index -> notNegative(index, "Lease.sample_indices"));
        return valid(
                "Lease",
                () -> new Lease(
                        Checks.lease(proto.getId(), "Lease.id"),
                        notNegative(proto.getAttempt(), "Lease.attempt"),
                        proto.getStage(),
                        task,
                        notNegative(proto.getGroupSize(), "Lease.group_size"),
                        indices,
                        Checks.version(proto.getIssuedAtVersion(), "Lease.issued_at_version"),
                        Checks.version(proto.getFloorVersion(), "Lease.floor_version"),
                        sampling,
                        proto.getSeed(),
                        Instant.ofEpochMilli(proto.getDeadlineEpochMillis())));
    }

    public static io.railhead.protos.v1.Task toProto(Task task) {
        return io.railhead.protos.v1.Task.newBuilder()
                .setPrompt(toProto(task.prompt()))
                .setKind(task.kind())
                .setDifficulty(task.difficulty())
                .setAnswerKey(task.answerKey())
                .build();
    }

    public static Task fromProto(io.railhead.protos.v1.Task proto) {
        present(proto.hasPrompt(), "Task.prompt");
        return new Task(fromProto(proto.getPrompt()), proto.getKind(), proto.getDifficulty(), proto.getAnswerKey());
    }

    public static io.railhead.protos.v1.Prompt toProto(Prompt prompt) {
        return io.railhead.protos.v1.Prompt.newBuilder()
                .setId(prompt.id())
                .setText(prompt.text())
                .addAllImages(each(prompt.images(), PictureCodec::named))
                .build();
    }

    public static Prompt fromProto(io.railhead.protos.v1.Prompt proto) {
        List<EncodedImage> images = each(proto.getImagesList(), PictureCodec::fromProto);
        return valid("Prompt.id", () -> new Prompt(proto.getId(), proto.getText(), images));
    }

    public static io.railhead.protos.v1.SamplingParams toProto(SamplingParams sampling) {
        return io.railhead.protos.v1.SamplingParams.newBuilder()
                .setMaxTokens(sampling.maxTokens())
                .setTemperature(sampling.temperature())
                .setTopP(sampling.topP())
                .setTopK(sampling.topK())
                .build();
    }

    public static SamplingParams fromProto(io.railhead.protos.v1.SamplingParams proto) {
        return valid(
                "SamplingParams",
                () -> new SamplingParams(
                        notNegative(proto.getMaxTokens(), "SamplingParams.max_tokens"),
                        proto.getTemperature(),
                        proto.getTopP(),
                        notNegative(proto.getTopK(), "SamplingParams.top_k")));
    }
}
