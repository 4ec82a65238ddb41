package io.railhead.actors.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.railhead.actors.protocol.LearnerCommand.CommitCheckpoint;
import io.railhead.actors.protocol.LearnerCommand.OfferTrajectory;
import io.railhead.actors.protocol.PictureCommand.ToFetcher.PictureSent;
import io.railhead.actors.protocol.RecorderCommand.RecordFact;
import io.railhead.actors.protocol.RewardCommand.ScoreRollout;
import io.railhead.actors.protocol.RolloutCommand.LeasesGranted;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.protocol.WeightsCommand.ToFollower.WeightsPublished;
import io.railhead.actors.protocol.WireMessage;
import io.railhead.protos.v1.Image;
import io.railhead.protos.v1.Rollout;
import io.railhead.protos.v1.RunEvent;
import io.railhead.protos.v1.StageSnapshot;
import io.railhead.protos.v1.WeightsManifest;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/// Every Protobuf message between nodes: manifest, type, and how it is written and read.
///
/// A manifest is never used again for another format: a change that old readers cannot read gets the next number.
/// A fact's time is the recorder's affair, so a fact on its way to the recorder has none.
final class WireTable {
    static final List<Entry<?, ?>> ENTRIES = List.of(
            new Entry<>(
                    "grant-2",
                    LeasesGranted.class,
                    LeaseCodec::toProto,
                    io.railhead.protos.v1.LeasesGranted.parser(),
                    LeaseCodec::fromProto),
            new Entry<>(
                    "score-2",
                    ScoreRollout.class,
                    m -> RolloutCodec.toProto(m.rollout()),
                    Rollout.parser(),
                    p -> new ScoreRollout(RolloutCodec.fromProto(p))),
            new Entry<>(
                    "offer-2",
                    OfferTrajectory.class,
                    m -> RolloutCodec.toProto(m.trajectory()),
                    io.railhead.protos.v1.ScoredRollout.parser(),
                    p -> new OfferTrajectory(RolloutCodec.fromProto(p))),
            new Entry<>(
                    "trajectory-2",
                    ScoredRollout.class,
                    RolloutCodec::toProto,
                    io.railhead.protos.v1.ScoredRollout.parser(),
                    RolloutCodec::fromProto),
            new Entry<>(
                    "commit-1",
                    CommitCheckpoint.class,
                    m -> StageCodec.toProto(m.stage()),
                    StageSnapshot.parser(),
                    p -> new CommitCheckpoint(StageCodec.fromProto(p))),
            new Entry<>(
                    "record-2",
                    RecordFact.class,
                    m -> FactCodec.toProto(Instant.EPOCH, m.fact()),
                    RunEvent.parser(),
                    p -> new RecordFact(FactCodec.fromProto(p))),
            new Entry<>(
                    "fact-2",
                    RunFact.class,
                    m -> FactCodec.toProto(Instant.EPOCH, m),
                    RunEvent.parser(),
                    FactCodec::fromProto),
            new Entry<>(
                    "picture-1",
                    PictureSent.class,
                    m -> PictureCodec.whole(m.picture()),
                    Image.parser(),
                    p -> new PictureSent(PictureCodec.wholeFromProto(p))),
            new Entry<>(
                    "weights-2",
                    WeightsPublished.class,
                    WeightsCodec::toProto,
                    WeightsManifest.parser(),
                    WeightsCodec::fromProto));

    private WireTable() {}

    record Entry<T extends WireMessage, P extends MessageLite>(
            String manifest, Class<T> type, Function<T, P> encode, Parser<P> parser, Function<P, T> decode) {
        /// How many bytes it takes, without making them.
        int size(Object message) {
            return encode.apply(type.cast(message)).getSerializedSize();
        }

        byte[] toBytes(Object message) {
            return encode.apply(type.cast(message)).toByteArray();
        }

        T fromBytes(byte[] bytes) {
            try {
                return decode.apply(parser.parseFrom(bytes));
            } catch (InvalidProtocolBufferException e) {
                throw new MalformedMessageException(type.getSimpleName() + ": " + e.getMessage(), e);
            }
        }
    }

    /// @throws IllegalArgumentException if the message has no format
    static Entry<?, ?> of(Object message) {
        return ENTRIES.stream()
                .filter(entry -> entry.type().isInstance(message))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no wire format for " + message.getClass().getName()));
    }

    /// @throws MalformedMessageException if the manifest is not known
    static Entry<?, ?> of(String manifest) {
        return ENTRIES.stream()
                .filter(entry -> entry.manifest().equals(manifest))
                .findFirst()
                .orElseThrow(() -> new MalformedMessageException("unknown manifest " + manifest));
    }
}
