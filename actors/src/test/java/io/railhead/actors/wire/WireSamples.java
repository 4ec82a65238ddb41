package io.railhead.actors.wire;

import io.railhead.actors.protocol.ControlMessage;
import io.railhead.actors.protocol.HeadCommand;
import io.railhead.actors.protocol.HeadStatus;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.Lease;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.MemberCommand;
import io.railhead.actors.protocol.PictureCommand;
import io.railhead.actors.protocol.RecorderCommand;
import io.railhead.actors.protocol.RewardCommand;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.RunStatus;
import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.protocol.StageSnapshot;
import io.railhead.actors.protocol.Task;
import io.railhead.actors.protocol.Trouble;
import io.railhead.actors.protocol.WeightsCommand;
import io.railhead.actors.protocol.WireMessage;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.FinishReason;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TokenIds;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/// One message of every type that crosses nodes, each component with a value that is not its default.
final class WireSamples {
    private static final PolicyVersion V3 = new PolicyVersion(3);
    private static final PolicyVersion V5 = new PolicyVersion(5);
    private static final LeaseId LEASE = new LeaseId(300);
    private static final LedgerCounts LEDGER = new LedgerCounts(40, 30, 4, 2, 3, 1);

    private static final EncodedImage PICTURE = EncodedImage.of(new byte[] {1, 2, -3});

    private static final Task TASK = new Task(
            new Prompt("north-17", "How many stops from A to Ü?", List.of(PICTURE)),
            "counting",
            "hard",
            "{\"stops\":3}");

    static final Rollout ROLLOUT = new Rollout(
            LEASE,
            1,
            2,
            "perception",
            TASK,
            TokenIds.of(5, 151_655, 6),
            SampledTokens.of(TokenIds.of(9, 10), new float[] {-0.25f, -1.5f}, new long[] {3, 5}),
            "three",
            FinishReason.STOP,
            "worker-a");

    static final ScoredRollout TRAJECTORY = new ScoredRollout(
            ROLLOUT, new Score(1.25, true, 1.5, List.of(new Score.Component("format", 0.5, "boxed"))));

    private static final Trouble TROUBLE =
            new Trouble("not-finite-loss", "skip", "the loss is NaN", "troubles/v000005-0-not-finite-loss.jsonl");

    private static final RunStatus STATUS = new RunStatus(
            V5,
            "perception",
            LEDGER,
            2,
            new RunStatus.Demand(7, 5, 3, 1L << 40),
            List.of(new RunStatus.Wait("learner", "2 groups", "5s")),
            new RunStatus.Alerts(List.of(new RunStatus.Alert("no-step", "learner", "is not there", "5s")), 1L << 33));

    private WireSamples() {}

    static List<WireMessage> wireMessages() {
        return List.of(
                new RolloutCommand.LeasesGranted(
                        List.of(new Lease(
                                LEASE,
                                1,
                                "perception",
                                TASK,
                                4,
                                List.of(0, 2),
                                V5,
                                V3,
                                new SamplingParams(64, 0.7, 0.95, 20),
                                -77L,
                                Instant.ofEpochMilli(1_790_000_000_123L))),
                        true),
                new PictureCommand.ToFetcher.PictureSent(PICTURE),
                new RewardCommand.ScoreRollout(ROLLOUT),
                new LearnerCommand.OfferTrajectory(TRAJECTORY),
                TRAJECTORY,
                new LearnerCommand.CommitCheckpoint(new StageSnapshot(
                        V5,
                        LEDGER,
                        List.of(new StageSnapshot.OpenLease(LEASE, 1, "perception", "north-17", V3)),
                        new StageSnapshot.CurriculumPosition(1, List.of(12L, 7L), 6, 0.625),
                        301)),
                new RecorderCommand.RecordFact(new RunFact.StageAdvanced("perception", "planning", V5, "mastered")),
                new RunFact.LeaseIssued(LEASE, 1, "perception", "north-17", V3, "worker-a"),
                new RunFact.LeaseEnded(LEASE, RunFact.LeaseEnded.Outcome.STALE, V5, "overtaken"),
                new RunFact.TrajectoryTaken(TRAJECTORY),
                new RunFact.StepFinished(
                        V5,
                        "perception",
                        List.of(LEASE, new LeaseId(7)),
                        LEDGER,
                        Map.of("loss/total", -0.5, "kl/mean", 1e-3)),
                new RunFact.CheckpointWritten(V5, "checkpoints/step-5"),
                new RunFact.IncarnationBegan(new Incarnation(4), new Incarnation(2), Optional.of(V3)),
                new RunFact.StageAdvanced("perception", "planning", V5, "mastered"),
                new RunFact.LearnerStarted(new Incarnation(4), "{\"learner\":{}}", 2, "PyTorch on a processor"),
                new RunFact.WeightsMade(V5, "0123456789abcdef".repeat(4)),
                new RunFact.TroubleFound(V5, List.of(LEASE, new LeaseId(7)), TROUBLE),
                new RunFact.AlertRaised(
                        "no-step", "learner", "the step from v3", Instant.ofEpochMilli(1_790_000_000_123L), "warn"),
                new RunFact.AlertCleared("no-step", "learner"),
                new RunFact.MemoryShort("learner", "out of memory", "microbatches of 8192 tokens"),
                new RunFact.LoopMoved(V3, 2, 0.8, "over 8 steps the effective share was 0.3"),
                new WeightsCommand.ToFollower.WeightsPublished(
                        new WeightsCommand.Manifest(V5, "0123456789abcdef".repeat(4), 4096, "learner:25530"),
                        List.of(new WeightsCommand.Link(V3, "fedcba9876543210".repeat(4))),
                        List.of("rollout-1:25530", "learner:25530")));
    }

    /// @param ref stands for every actor that a message names; its type does not cross
    static List<ControlMessage> controlMessages(ActorRef<?> ref) {
        return List.of(
                new LearnerCommand.TrainBatch(V3, List.of(LEASE, new LeaseId(0))),
                new LearnerCommand.DropGroups(List.of(LEASE)),
                new RolloutCommand.LeasesRevoked(List.of(LEASE)),
                new RolloutCommand.Drain(),
                new StageCommand.RequestLeases("worker-ä", V3, 16, ref.unsafeUpcast()),
                new StageCommand.WorkerLeft("worker-a"),
                new StageCommand.SampleFailed(LEASE, 1, 2, "engine lost"),
                new StageCommand.LearnerReady(V3, ref.unsafeUpcast()),
                new StageCommand.SampleArrived(LEASE, 2, V3),
                new StageCommand.GroupReady(LEASE, V3, true, 0.75),
                new StageCommand.StepCommitted(V5, List.of(LEASE), Map.of("loss/total", Double.NaN, "kl/mean", 0.5)),
                new StageCommand.StepCommitted(V5, List.of(), Map.of(), List.of(TROUBLE)),
                new StageCommand.StepRefused(V3, "trouble", List.of(TROUBLE)),
                new StageCommand.CheckpointStaged(V5, "checkpoints/step-5"),
                new StageCommand.CheckpointCommitted(V5, "checkpoints/step-5"),
                new StageCommand.CheckpointFailed(V5, "disk full"),
                new StageCommand.GetStatus(ref.unsafeUpcast()),
                new StageCommand.RunEnded(V5, LEDGER, StageCommand.RunEnded.Outcome.FAILED, "no worker"),
                STATUS,
                new HeadCommand.GetStatus(ref.unsafeUpcast()),
                new HeadStatus(new Incarnation(4), List.of("node-1", "learner-ü"), STATUS),
                new RecorderCommand.Flush(V5, ref.unsafeUpcast()),
                new RecorderCommand.Flushed(V5),
                new HeadCommand.Join("node-1", new Incarnation(3), ref.unsafeUpcast()),
                new HeadCommand.JoinAsLearner("node-2", new Incarnation(2), ref.unsafeUpcast()),
                new HeadCommand.Leave("node-1"),
                new MemberCommand.LifeBegan(new Incarnation(4)),
                new MemberCommand.RunIsOver(
                        new StageCommand.RunEnded(V5, LEDGER, StageCommand.RunEnded.Outcome.FINISHED, "done")),
                new PictureCommand.ToDesk.SendPicture("north-17", PICTURE.sha256(), ref.unsafeUpcast()),
                new PictureCommand.ToFetcher.NoSuchPicture(PICTURE.sha256(), "no prompt north-17"),
                new WeightsCommand.ToPublisher.Follow("node-1", "rollout-1:25530", ref.unsafeUpcast()),
                new WeightsCommand.ToPublisher.Staged("node-1", V5),
                new WeightsCommand.ToPublisher.Refused("node-1", V5, V3, "hash differs"));
    }
}
