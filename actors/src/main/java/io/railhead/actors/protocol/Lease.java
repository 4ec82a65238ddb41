package io.railhead.actors.protocol;

import io.railhead.policy.EncodedImage;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SamplingParams;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The right and duty to generate samples of one group until a deadline.
///
/// The first attempt asks for the whole group, later ones for the missing samples. `floor` is the version that
/// the worker served when the lease was granted, so no token of the lease is older. `(id, sample index)` is the
/// idempotency key of every hop behind. `seed` is a function of run and id: a repeated attempt on equal weights
/// repeats the tokens.
public record Lease(
        LeaseId id,
        int attempt,
        String stage,
        Task task,
        int groupSize,
        List<Integer> sampleIndices,
        PolicyVersion issuedAt,
        PolicyVersion floor,
        SamplingParams sampling,
        long seed,
        Instant deadline) {
    public Lease {
        sampleIndices = List.copyOf(sampleIndices);
        if (sampleIndices.isEmpty()) {
            throw new IllegalArgumentException(id + " asks for no sample");
        }
        for (int index : sampleIndices) {
            if (index < 0 || index >= groupSize) {
                throw new IllegalArgumentException(id + " asks for sample " + index + " of a group of " + groupSize);
            }
        }
    }

    /// This lease with those of its pictures that are known.
    public Lease with(Map<String, EncodedImage> known) {
        return new Lease(
                id,
                attempt,
                stage,
                task.with(known),
                groupSize,
                sampleIndices,
                issuedAt,
                floor,
                sampling,
                seed,
                deadline);
    }
}
