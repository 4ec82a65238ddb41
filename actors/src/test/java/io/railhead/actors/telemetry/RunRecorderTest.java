package io.railhead.actors.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.incarnation.Fence;
import io.railhead.actors.pictures.PictureBook;
import io.railhead.actors.pictures.PictureSource;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.RecorderCommand;
import io.railhead.actors.protocol.RecorderCommand.RecordFact;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.wire.ProtoSerializer;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecorderTest {
    private static final EncodedImage PICTURE = EncodedImage.of(new byte[] {7, 8, 9});
    private static final TelemetrySettings SETTINGS = TelemetrySettings.from(ConfigFactory.load());

    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
    private final TestProbe<RunFact> listener = kit.createTestProbe();
    private final TestProbe<IOException> failures = kit.createTestProbe();

    private final PictureBook prompts = new PictureBook(Map.of("prompt-1", PICTURE));

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void factsAreWrittenInOrderAndHandedToTheListener() throws IOException {
        RunFact checkpoint = new RunFact.CheckpointWritten(new PolicyVersion(1), "checkpoints/step-1");
        List<RunFact> facts = List.of(Facts.issued(1L), Facts.step(1), checkpoint);
        ActorRef<RecorderCommand> recorder =
                recorder(RunRecord.open(directory, SETTINGS, PolicyVersion.BASE, Fence.open()));
        facts.forEach(fact -> recorder.tell(new RecordFact(fact)));
        facts.forEach(listener::expectMessage);
        kit.stop(recorder);

        EventLogReader reader = EventLogReader.open(directory.resolve("events"));
        for (RunFact fact : facts) {
            assertThat(reader.next()).contains(new RecordedFact(Facts.TIME, fact));
        }
        assertThat(reader.next()).isEmpty();
        assertThat(Files.readAllLines(directory.resolve("metrics.jsonl")))
                .containsExactly(MetricsLog.line(Facts.TIME, Facts.step(1)));
    }

    @Test
    void aFactIsInTheFilesWithinTheDelayAndAtOnceWithATrainStep() throws IOException {
        ManualTime time = ManualTime.get(kit.system());
        ActorRef<RecorderCommand> recorder =
                recorder(RunRecord.open(directory, SETTINGS, PolicyVersion.BASE, Fence.open()));

        recorder.tell(new RecordFact(Facts.issued(1L)));
        recorder.tell(new RecordFact(Facts.issued(2L)));
        listener.receiveSeveralMessages(2);
        assertThat(written()).isEmpty();
        time.timePasses(RunRecorder.DELAY);
        listener.awaitAssert(() -> assertThat(written()).containsExactly(Facts.issued(1L), Facts.issued(2L)));

        recorder.tell(new RecordFact(Facts.issued(3L)));
        recorder.tell(new RecordFact(Facts.step(1)));
        listener.receiveSeveralMessages(2);
        assertThat(written()).endsWith(Facts.issued(3L), Facts.step(1)).hasSize(4);

        recorder.tell(new RecordFact(Facts.issued(4L)));
        TestProbe<RecorderCommand.Flushed> commit = kit.createTestProbe();
        recorder.tell(new RecorderCommand.Flush(new PolicyVersion(1), commit.ref()));
        commit.expectMessage(new RecorderCommand.Flushed(new PolicyVersion(1)));
        assertThat(written()).endsWith(Facts.issued(4L)).hasSize(5);
    }

    private List<RunFact> written() throws IOException {
        EventLogReader reader = EventLogReader.open(directory.resolve("events"));
        List<RunFact> facts = new ArrayList<>();
        for (Optional<RecordedFact> fact = reader.next(); fact.isPresent(); fact = reader.next()) {
            facts.add(fact.get().fact());
        }
        return facts;
    }

    @Test
    void picturesOfATrajectoryFromAnotherNodeAreWrittenAndShown() throws IOException {
        RunFact whole = Facts.trajectories(1, PICTURE.toByteArray()).getFirst().fact();
        ActorRef<RecorderCommand> recorder =
                recorder(RunRecord.open(directory, SETTINGS, PolicyVersion.BASE, Fence.open()));

        recorder.tell(new RecordFact(named(whole)));

        assertThat(pictureOf(listener.receiveMessage()).toByteArray()).isEqualTo(PICTURE.toByteArray());
        kit.stop(recorder);
        RunFact read = EventLogReader.open(directory.resolve("events"))
                .next()
                .orElseThrow()
                .fact();
        assertThat(pictureOf(read).toByteArray()).isEqualTo(PICTURE.toByteArray());
    }

    @Test
    void pictureThatCannotBeFoundIsAWriteFailureThatNamesIt() throws IOException {
        ActorRef<RecorderCommand> recorder =
                recorder(RunRecord.open(directory, SETTINGS, PolicyVersion.BASE, Fence.open()));
        RunFact other = Facts.trajectories(1, new byte[] {1}).getFirst().fact();

        recorder.tell(new RecordFact(named(other)));

        assertThat(failures.receiveMessage())
                .hasMessage("a trajectory's prompt prompt-1 shows no picture "
                        + pictureOf(other).sha256() + " here");
        assertThat(listener.receiveMessage()).isEqualTo(other);
    }

    /// The fact as it comes from another node.
    private static RunFact named(RunFact fact) {
        ProtoSerializer wire = new ProtoSerializer();
        return (RunFact) wire.fromBinary(wire.toBinary(fact), wire.manifest(fact));
    }

    private static EncodedImage pictureOf(RunFact fact) {
        return ((RunFact.TrajectoryTaken) fact)
                .trajectory()
                .rollout()
                .task()
                .prompt()
                .images()
                .getFirst();
    }

    @Test
    void writeFailureIsLoggedOnceToldToTheOwnerAndDoesNotStopTheListener() throws IOException {
        RunRecord record = RunRecord.open(directory, SETTINGS, PolicyVersion.BASE, Fence.open());
        record.close(); // every write fails from now on
        ActorRef<RecorderCommand> recorder = recorder(record);
        LoggingTestKit.error("the run is not recorded any more")
                .withOccurrences(1)
                .expect(kit.system(), () -> {
                    recorder.tell(new RecordFact(Facts.issued(1L)));
                    recorder.tell(new RecordFact(Facts.issued(2L)));
                    listener.expectMessage(Facts.issued(1L));
                    listener.expectMessage(Facts.issued(2L));
                    ManualTime.get(kit.system()).timePasses(RunRecorder.DELAY);
                    return 0;
                });
        failures.expectMessageClass(IOException.class);
        failures.expectNoMessage();
    }

    private ActorRef<RecorderCommand> recorder(RunRecord record) {
        Clock clock = Clock.fixed(Facts.TIME, ZoneOffset.UTC);
        return kit.spawn(RunRecorder.create(
                ServiceKeys.of(Incarnation.NONE).runRecorder(),
                record,
                new PictureSource(prompts),
                clock,
                fact -> listener.ref().tell(fact),
                e -> failures.ref().tell(e)));
    }
}
