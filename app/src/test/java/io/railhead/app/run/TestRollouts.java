package io.railhead.app.run;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.Task;
import io.railhead.policy.FinishReason;
import io.railhead.policy.Prompt;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.TokenIds;
import java.util.List;

/// Rollouts of a few tokens, told apart by their lease.
final class TestRollouts {
    private TestRollouts() {}

    static Rollout of(long lease, int tokens) {
        return new Rollout(
                new LeaseId(lease),
                1,
                0,
                "stage",
                new Task(new Prompt("p", "?", List.of()), "kind", "easy", "key"),
                TokenIds.of(1),
                SampledTokens.of(TokenIds.of(new int[tokens]), new float[tokens], new long[tokens]),
                "text",
                FinishReason.STOP,
                "worker");
    }
}
