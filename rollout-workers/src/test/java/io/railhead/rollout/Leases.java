package io.railhead.rollout;

import io.railhead.actors.protocol.Lease;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.Task;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SamplingParams;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/// Leases for tests.
final class Leases {
    static final int MAX_TOKENS = 12;

    private Leases() {}

    static Lease lease(long id, int attempt, List<Integer> samples) {
        return lease(id, attempt, samples, List.of(), PolicyVersion.BASE);
    }

    static Lease notBelow(PolicyVersion floor, long id, int groupSize) {
        return lease(id, 1, IntStream.range(0, groupSize).boxed().toList(), List.of(), floor);
    }

    /// For one sample about a picture.
    static Lease showing(long id, EncodedImage picture) {
        return lease(id, 1, List.of(0), List.of(picture), PolicyVersion.BASE);
    }

    private static Lease lease(
            long id, int attempt, List<Integer> samples, List<EncodedImage> pictures, PolicyVersion floor) {
        return new Lease(
                new LeaseId(id),
                attempt,
                "stage",
                new Task(new Prompt("prompt-" + id, "how many?", pictures), "Counting2", "easy", "{}"),
                8,
                samples,
                floor,
                floor,
                SamplingParams.plain(MAX_TOKENS, 1),
                id * 1000,
                Instant.EPOCH);
    }

    static Lease lease(long id, int groupSize) {
        return lease(id, 1, IntStream.range(0, groupSize).boxed().toList());
    }
}
