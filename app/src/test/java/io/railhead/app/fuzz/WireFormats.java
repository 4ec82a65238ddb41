package io.railhead.app.fuzz;

import com.google.protobuf.InvalidProtocolBufferException;
import io.railhead.actors.protocol.HeadStatus;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.MemberCommand;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.RunStatus;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.protocol.Trouble;
import io.railhead.actors.wire.KryoSerializer;
import io.railhead.actors.wire.MalformedMessageException;
import io.railhead.actors.wire.ProtoSerializer;
import io.railhead.actors.wire.StageCodec;
import io.railhead.policy.PolicyVersion;
import io.railhead.protos.v1.StageSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.pekko.actor.ExtendedActorSystem;

/// What comes from other nodes.
final class WireFormats {
    private static final PolicyVersion V5 = new PolicyVersion(5);
    private static final LeaseId LEASE = new LeaseId(300);
    private static final LedgerCounts LEDGER = new LedgerCounts(20, 10, 4, 3, 2, 1);

    private WireFormats() {}

    /// One for each message of the protobuf table, from the golden files of the wire format.
    static List<Format> messages(Path golden) throws IOException {
        ProtoSerializer serializer = new ProtoSerializer();
        List<Format> formats = new ArrayList<>();
        try (Stream<Path> files = Files.list(golden)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString().replace(".hex", "");
                String manifest = name.substring(0, name.lastIndexOf('-'));
                byte[] good = HexFormat.of().parseHex(Files.readString(file).strip());
                formats.add(Format.of(
                        "wire " + name,
                        32_000,
                        List.of(good),
                        input -> serializer.fromBinary(input, manifest),
                        List.of(MalformedMessageException.class)));
            }
        }
        return formats;
    }

    static Format control(ExtendedActorSystem system) {
        KryoSerializer kryo = new KryoSerializer(system);
        RunStatus status = new RunStatus(
                V5,
                "perception",
                LEDGER,
                2,
                new RunStatus.Demand(7, 5, 3, 1L << 40),
                List.of(new RunStatus.Wait("learner", "2 groups", "5s")));
        List<Object> messages = List.of(
                new LearnerCommand.TrainBatch(V5, List.of(LEASE, new LeaseId(0))),
                new LearnerCommand.DropGroups(List.of(LEASE)),
                new RolloutCommand.LeasesRevoked(List.of(LEASE)),
                new StageCommand.SampleFailed(LEASE, 1, 2, "engine lost"),
                new StageCommand.GroupReady(LEASE, V5, true, 0.75),
                new StageCommand.StepCommitted(
                        V5, List.of(LEASE), Map.of("loss/total", 0.5), List.of(new Trouble("a", "b", "c", "d"))),
                new StageCommand.CheckpointFailed(V5, "disk full"),
                new StageCommand.RunEnded(V5, LEDGER, StageCommand.RunEnded.Outcome.FAILED, "no worker"),
                new HeadStatus(new Incarnation(4), List.of("node-1", "learner-ü"), status),
                new MemberCommand.LifeBegan(new Incarnation(4)));
        return Format.of(
                "control messages",
                250_000,
                messages.stream().map(kryo::toBinary).toList(),
                kryo::fromBinary,
                List.of(MalformedMessageException.class));
    }

    static Format stageSnapshot() {
        io.railhead.actors.protocol.StageSnapshot snapshot = new io.railhead.actors.protocol.StageSnapshot(
                V5,
                LEDGER,
                List.of(new io.railhead.actors.protocol.StageSnapshot.OpenLease(
                        LEASE, 1, "perception", "north-17", V5)),
                new io.railhead.actors.protocol.StageSnapshot.CurriculumPosition(1, List.of(12L, 7L), 6, 0.625),
                301);
        return Format.of(
                "state.pb",
                60_000,
                List.of(StageCodec.toProto(snapshot).toByteArray()),
                input -> StageCodec.fromProto(StageSnapshot.parseFrom(input)),
                List.of(InvalidProtocolBufferException.class, MalformedMessageException.class));
    }
}
