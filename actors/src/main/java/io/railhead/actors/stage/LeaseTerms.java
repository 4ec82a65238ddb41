package io.railhead.actors.stage;

import io.railhead.actors.protocol.Lease;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.Task;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SamplingParams;
import java.time.Instant;
import java.util.List;

/// A lease without its task: the rules know prompts by their id only.
public record LeaseTerms(
        LeaseId id,
        int attempt,
        String stage,
        String promptId,
        int groupSize,
        List<Integer> sampleIndices,
        PolicyVersion issuedAt,
        PolicyVersion floor,
        SamplingParams sampling,
        long seed,
        Instant deadline) {
    public LeaseTerms {
        sampleIndices = List.copyOf(sampleIndices);
    }

    /// The seed of a lease's responses: every attempt has the same.
    public static long seed(long runSeed, LeaseId id) {
        return Mix.of(runSeed, id.ordinal());
    }

    public Lease with(Task task) {
        return new Lease(id, attempt, stage, task, groupSize, sampleIndices, issuedAt, floor, sampling, seed, deadline);
    }
}
