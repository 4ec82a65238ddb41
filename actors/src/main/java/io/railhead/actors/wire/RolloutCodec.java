package io.railhead.actors.wire;

import static io.railhead.actors.wire.Checks.each;
import static io.railhead.actors.wire.Checks.notNegative;
import static io.railhead.actors.wire.Checks.present;
import static io.railhead.actors.wire.Checks.valid;

import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.policy.FinishReason;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.TokenIds;
import io.railhead.protos.v1.ScoreComponent;
import java.util.List;

/// Rollouts and trajectories on the wire.
public final class RolloutCodec {
    private RolloutCodec() {}

    public static io.railhead.protos.v1.Rollout toProto(Rollout rollout) {
        SampledTokens response = rollout.response();
        io.railhead.protos.v1.Rollout.Builder builder = io.railhead.protos.v1.Rollout.newBuilder()
                .setLeaseId(rollout.lease().ordinal())
                .setAttempt(rollout.attempt())
                .setSampleIndex(rollout.sampleIndex())
                .setStage(rollout.stage())
                .setTask(LeaseCodec.toProto(rollout.task()))
                .setText(rollout.text())
                .setFinishReason(toProto(rollout.finishReason()))
                .setWorkerId(rollout.workerId());
        rollout.promptTokens().stream().forEach(builder::addPromptTokens);
        for (int i = 0; i < response.size(); i++) {
            builder.addResponseTokens(response.ids().get(i))
                    .addBehaviourLogProbs(response.behaviourLogProb(i))
                    .addBehaviourVersions(response.behaviourVersion(i).number());
        }
        for (float logProb : response.rawLogProbs()) {
            builder.addRawLogProbs(logProb);
        }
        return builder.build();
    }

    public static Rollout fromProto(io.railhead.protos.v1.Rollout proto) {
        present(proto.hasTask(), "Rollout.task");
        return new Rollout(
                Checks.lease(proto.getLeaseId(), "Rollout.lease_id"),
                notNegative(proto.getAttempt(), "Rollout.attempt"),
                notNegative(proto.getSampleIndex(), "Rollout.sample_index"),
                proto.getStage(),
                LeaseCodec.fromProto(proto.getTask()),
                tokens(proto.getPromptTokensList(), "Rollout.prompt_tokens"),
                response(proto),
                proto.getText(),
                fromProto(proto.getFinishReason(), proto.getFinishReasonValue()),
                proto.getWorkerId());
    }

    public static io.railhead.protos.v1.ScoredRollout toProto(ScoredRollout trajectory) {
        return io.railhead.protos.v1.ScoredRollout.newBuilder()
                .setRollout(toProto(trajectory.rollout()))
                .setScore(toProto(trajectory.score()))
                .build();
    }

    public static ScoredRollout fromProto(io.railhead.protos.v1.ScoredRollout proto) {
        present(proto.hasRollout(), "ScoredRollout.rollout");
        present(proto.hasScore(), "ScoredRollout.score");
        return new ScoredRollout(fromProto(proto.getRollout()), fromProto(proto.getScore()));
    }

    private static io.railhead.protos.v1.Score toProto(Score score) {
        return io.railhead.protos.v1.Score.newBuilder()
                .setReward(score.reward())
                .setCorrect(score.correct())
                .setWeight(score.weight())
                .addAllComponents(each(
                        score.components(),
                        component -> ScoreComponent.newBuilder()
                                .setName(component.name())
                                .setValue(component.value())
                                .setReason(component.reason())
                                .build()))
                .build();
    }

    private static Score fromProto(io.railhead.protos.v1.Score proto) {
        List<Score.Component> components = each(
                proto.getComponentsList(), one -> new Score.Component(one.getName(), one.getValue(), one.getReason()));
        return valid("Score", () -> new Score(proto.getReward(), proto.getCorrect(), proto.getWeight(), components));
    }

    private static SampledTokens response(io.railhead.protos.v1.Rollout proto) {
        TokenIds ids = tokens(proto.getResponseTokensList(), "Rollout.response_tokens");
        float[] logProbs = floats(proto.getBehaviourLogProbsList()); // [tokens]
        float[] raw = floats(proto.getRawLogProbsList()); // [tokens], or empty
        long[] versions = proto.getBehaviourVersionsList().stream()
                .mapToLong(Long::longValue)
                .toArray(); // [tokens]
        return valid("Rollout.response_tokens", () -> SampledTokens.of(ids, logProbs, raw, versions));
    }

    private static float[] floats(List<Float> list) {
        float[] values = new float[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = list.get(i);
        }
        return values;
    }

    private static TokenIds tokens(List<Integer> ids, String field) {
        int[] tokens = ids.stream().mapToInt(Integer::intValue).toArray();
        return valid(field, () -> TokenIds.of(tokens));
    }

    private static io.railhead.protos.v1.FinishReason toProto(FinishReason reason) {
        return switch (reason) {
            case STOP -> io.railhead.protos.v1.FinishReason.FINISH_REASON_STOP;
            case LENGTH -> io.railhead.protos.v1.FinishReason.FINISH_REASON_LENGTH;
        };
    }

    private static FinishReason fromProto(io.railhead.protos.v1.FinishReason reason, int number) {
        return switch (reason) {
            case FINISH_REASON_STOP -> FinishReason.STOP;
            case FINISH_REASON_LENGTH -> FinishReason.LENGTH;
            case FINISH_REASON_UNSPECIFIED, UNRECOGNIZED ->
                throw new MalformedMessageException("Rollout.finish_reason is unknown: " + number);
        };
    }
}
