package io.railhead.actors.wire;

import static java.util.Map.entry;

import io.railhead.actors.protocol.HeadCommand;
import io.railhead.actors.protocol.HeadStatus;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.MemberCommand;
import io.railhead.actors.protocol.PictureCommand;
import io.railhead.actors.protocol.RecorderCommand;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.RunStatus;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.protocol.Trouble;
import io.railhead.actors.protocol.WeightsCommand.ToPublisher;
import io.railhead.policy.PolicyVersion;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// Every record that Kryo may build, by its fixed id. Kryo keeps the ids below 20 for itself.
final class ControlTable {
    static final SortedMap<Integer, Class<? extends Record>> RECORDS =
            Collections.unmodifiableSortedMap(new TreeMap<>(Map.<Integer, Class<? extends Record>>ofEntries(
                    entry(20, PolicyVersion.class),
                    entry(21, LeaseId.class),
                    entry(22, LedgerCounts.class),
                    entry(23, RunStatus.Wait.class),
                    entry(25, RunStatus.Demand.class),
                    entry(26, Trouble.class),
                    entry(27, RunStatus.Alert.class),
                    entry(28, RunStatus.Alerts.class),
                    entry(30, LearnerCommand.TrainBatch.class),
                    entry(31, LearnerCommand.DropGroups.class),
                    entry(40, RolloutCommand.LeasesRevoked.class),
                    entry(41, RolloutCommand.Drain.class),
                    entry(50, StageCommand.RequestLeases.class),
                    entry(51, StageCommand.WorkerLeft.class),
                    entry(52, StageCommand.SampleFailed.class),
                    entry(53, StageCommand.LearnerReady.class),
                    entry(54, StageCommand.SampleArrived.class),
                    entry(55, StageCommand.GroupReady.class),
                    entry(56, StageCommand.StepCommitted.class),
                    entry(57, StageCommand.CheckpointCommitted.class),
                    entry(58, StageCommand.CheckpointFailed.class),
                    entry(59, StageCommand.GetStatus.class),
                    entry(60, StageCommand.RunEnded.class),
                    entry(61, RunStatus.class),
                    entry(62, StageCommand.StepRefused.class),
                    entry(63, StageCommand.CheckpointStaged.class),
                    entry(24, Incarnation.class),
                    entry(75, RecorderCommand.Flush.class),
                    entry(76, RecorderCommand.Flushed.class),
                    entry(80, HeadCommand.Join.class),
                    entry(81, HeadCommand.JoinAsLearner.class),
                    entry(82, HeadCommand.Leave.class),
                    entry(83, HeadCommand.GetStatus.class),
                    entry(84, HeadStatus.class),
                    entry(85, MemberCommand.LifeBegan.class),
                    entry(86, MemberCommand.RunIsOver.class),
                    entry(90, PictureCommand.ToDesk.SendPicture.class),
                    entry(91, PictureCommand.ToFetcher.NoSuchPicture.class),
                    entry(70, ToPublisher.Follow.class),
                    entry(71, ToPublisher.Staged.class),
                    entry(72, ToPublisher.Refused.class))));

    /// A hash of all ids, names, components and enum constants, in front of every message: nodes of different
    /// releases refuse each other's messages instead of misreading them.
    static final int FINGERPRINT = fingerprint();

    private ControlTable() {}

    private static int fingerprint() {
        CRC32C crc = new CRC32C();
        RECORDS.forEach((id, type) -> {
            StringBuilder line = new StringBuilder(id + " " + type.getName());
            for (RecordComponent component : type.getRecordComponents()) {
                line.append(' ').append(component); // type and name
                line.append(Arrays.toString(component.getType().getEnumConstants())); // "null" if it is no enum
            }
            crc.update(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        });
        return (int) crc.getValue();
    }
}
