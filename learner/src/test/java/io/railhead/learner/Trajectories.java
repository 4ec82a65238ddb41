package io.railhead.learner;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.protocol.Task;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.FinishReason;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.TokenIds;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Trajectories for tests.
final class Trajectories {
    static final TokenIds PROMPT = TokenIds.of(1, 2, 3);

    private Trajectories() {}

    static ScoredRollout of(long lease, int index, SampledTokens response, double reward) {
        return new ScoredRollout(
                new Rollout(
                        new LeaseId(lease),
                        1,
                        index,
                        "judging",
                        new Task(new Prompt("prompt-" + lease, "?", List.of()), "TorF1", "easy", "yes"),
                        PROMPT,
                        response,
                        "",
                        FinishReason.STOP,
                        "worker-1"),
                new Score(reward, reward > 0, 1, List.of(new Score.Component("correctness", reward, ""))));
    }

    static ScoredRollout of(long lease, int index, double reward, long... versions) {
        float[] logProbs = new float[versions.length];
        Arrays.fill(logProbs, (float) -Math.log(TablePolicy.VOCABULARY));
        int[] ids = IntStream.range(0, versions.length)
                .map(t -> (t + index) % TablePolicy.VOCABULARY)
                .toArray();
        return of(lease, index, SampledTokens.of(TokenIds.of(ids), logProbs, versions), reward);
    }

    /// The same trajectory, about a picture.
    static ScoredRollout showing(ScoredRollout of, EncodedImage picture) {
        Rollout rollout = of.rollout();
        Task task = rollout.task();
        return new ScoredRollout(
                new Rollout(
                        rollout.lease(),
                        rollout.attempt(),
                        rollout.sampleIndex(),
                        rollout.stage(),
                        new Task(
                                new Prompt(task.prompt().id(), task.prompt().text(), List.of(picture)),
                                task.kind(),
                                task.difficulty(),
                                task.answerKey()),
                        rollout.promptTokens(),
                        rollout.response(),
                        rollout.text(),
                        rollout.finishReason(),
                        rollout.workerId()),
                of.score());
    }

    /// A group with one token of version 0 in each response and these rewards.
    static Group group(long lease, double... rewards) {
        return new Group(
                new LeaseId(lease),
                IntStream.range(0, rewards.length)
                        .mapToObj(i -> of(lease, i, rewards[i], 0))
                        .toList());
    }

    /// A group as the policy would make it now.
    static Group sampled(
            long lease,
            int size,
            TablePolicy policy,
            PolicyVersion version,
            Random random,
            ToDoubleFunction<TokenIds> score) {
        return new Group(
                new LeaseId(lease),
                IntStream.range(0, size)
                        .mapToObj(i -> {
                            SampledTokens response = policy.sample(PROMPT, 1 + random.nextInt(4), version, random);
                            return of(lease, i, response, score.applyAsDouble(response.ids()));
                        })
                        .toList());
    }
}
