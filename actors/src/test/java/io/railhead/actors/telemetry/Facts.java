package io.railhead.actors.telemetry;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RunFact;
import io.railhead.policy.PolicyVersion;
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

    static RunFact.StepFinished step(long version) {
        return new RunFact.StepFinished(
                new PolicyVersion(version),
                "percep\"tion\n",
                List.of(new LeaseId(1), new LeaseId(2)),
                new LedgerCounts(8, 4, 1, 1, 0, 2),
                Map.of("loss/total", 0.25, "kl/mean", Double.NaN));
    }
}
