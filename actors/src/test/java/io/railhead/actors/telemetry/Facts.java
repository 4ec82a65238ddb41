package io.railhead.actors.telemetry;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.protocol.Task;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.FinishReason;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.TokenIds;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Facts to record.
final class Facts {
    static final Instant TIME = Instant.parse("2026-01-01T00:00:00.123Z");

    private Facts() {}

    static RunFact issued(long id) {
        return new RunFact.LeaseIssued(
                new LeaseId(id), 0, "perception", "prompt-" + id, PolicyVersion.BASE, "worker-a");
    }

    static List<RecordedFact> issued(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new RecordedFact(TIME.plusMillis(i), issued((long) i)))
                .toList();
    }

    /// Trajectories of one group about one picture.
    static List<RecordedFact> trajectories(int count, byte[] picture) {
        Task task = new Task(new Prompt("prompt-1", "where?", List.of(EncodedImage.of(picture))), "map", "easy", "key");
        return IntStream.range(0, count)
                .mapToObj(i -> new RecordedFact(
                        TIME.plusMillis(i),
                        new RunFact.TrajectoryTaken(new ScoredRollout(
                                new Rollout(
                                        new LeaseId(1),
                                        0,
                                        i,
                                        "perception",
                                        task,
                                        TokenIds.of(1, 2),
                                        SampledTokens.of(TokenIds.of(3), new float[] {-0.5f}, new long[] {0}),
                                        "here",
                                        FinishReason.STOP,
                                        "worker-a"),
                                new Score(1, true, 1, List.of())))))
                .toList();
    }

    /// A response of so many tokens.
    static RunFact sample(long lease, int index, String prompt, String difficulty, int tokens, boolean correct) {
        return new RunFact.TrajectoryTaken(new ScoredRollout(
                new Rollout(
                        new LeaseId(lease),
                        1,
                        index,
                        "perception",
                        new Task(new Prompt(prompt, "where?", List.of()), "map", difficulty, "key"),
                        TokenIds.of(1, 2),
                        SampledTokens.of(TokenIds.of(new int[tokens]), new float[tokens], new long[tokens]),
                        "here",
                        FinishReason.STOP,
                        "worker-a"),
                new Score(correct ? 1 : 0, correct, 1, List.of())));
    }

    static RunFact.StepFinished step(long version) {
        return new RunFact.StepFinished(
                new PolicyVersion(version),
                "percep\"tion\n",
                List.of(new LeaseId(1), new LeaseId(2)),
                new LedgerCounts(8, 4, 1, 1, 0, 2),
                Map.of("loss/total", 0.25, "kl/mean", Double.NaN));
    }
}
