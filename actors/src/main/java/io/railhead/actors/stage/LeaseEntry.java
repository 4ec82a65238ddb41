package io.railhead.actors.stage;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.policy.PolicyVersion;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.pcollections.TreePSet;

/// One open lease. `floor` is the oldest version that any of its tokens can have; `attempt` counts from 1 and names
/// the present or next grant; `strikes` counts the attempts that came to nothing through a worker.
public record LeaseEntry(
        LeaseId id,
        String stage,
        String promptId,
        int groupSize,
        int attempt,
        int strikes,
        PolicyVersion issuedAt,
        PolicyVersion floor,
        TreePSet<Integer> arrived,
        Phase phase) {

    /// Waiting -> Generating -> Ready; back to Waiting when an attempt comes to nothing or the learner restarts.
    public sealed interface Phase {
        Instant since();

        /// To be granted again.
        record Waiting(Instant since) implements Phase {}

        /// With a worker until `deadline`. `refused` are samples of this attempt that will not come.
        record Generating(String workerId, Instant since, Instant deadline, TreePSet<Integer> refused)
                implements Phase {}

        /// Whole at the learner.
        record Ready(Instant since, boolean zeroVariance, double correctShare) implements Phase {}
    }

    public LeaseEntry {
        if (attempt < 1 || strikes < 0) {
            throw new IllegalArgumentException(id + " has attempt " + attempt + " and " + strikes + " strikes");
        }
    }

    public boolean isWaiting() {
        return phase instanceof Phase.Waiting;
    }

    public boolean isGenerating() {
        return phase instanceof Phase.Generating;
    }

    public boolean isReady() {
        return phase instanceof Phase.Ready;
    }

    /// What the next attempt has to ask for. If every sample has arrived and only the word of the learner is missing,
    /// one sample is asked for again: its copy makes the learner repeat that word.
    public List<Integer> missing() {
        List<Integer> missing = IntStream.range(0, groupSize)
                .filter(i -> !arrived.contains(i))
                .boxed()
                .toList();
        return missing.isEmpty() ? List.of(groupSize - 1) : missing;
    }

    LeaseEntry generating(String workerId, Instant now, Instant deadline) {
        return with(new Phase.Generating(workerId, now, deadline, TreePSet.empty()));
    }

    LeaseEntry ready(PolicyVersion oldest, boolean zeroVariance, double correctShare, Instant now) {
        TreePSet<Integer> all =
                TreePSet.from(IntStream.range(0, groupSize).boxed().toList());
        return withFloor(oldest).withArrived(all).with(new Phase.Ready(now, zeroVariance, correctShare));
    }

    LeaseEntry withSample(int index, PolicyVersion oldest) {
        return withFloor(oldest).withArrived(arrived.plus(index));
    }

    LeaseEntry again(int strikesNow, Instant now) {
        return new LeaseEntry(
                id,
                stage,
                promptId,
                groupSize,
                attempt + 1,
                strikesNow,
                issuedAt,
                floor,
                arrived,
                new Phase.Waiting(now));
    }

    LeaseEntry withArrived(TreePSet<Integer> samples) {
        return new LeaseEntry(id, stage, promptId, groupSize, attempt, strikes, issuedAt, floor, samples, phase);
    }

    LeaseEntry with(Phase next) {
        return new LeaseEntry(id, stage, promptId, groupSize, attempt, strikes, issuedAt, floor, arrived, next);
    }

    /// A copy from before a restart may be older than what the present worker promised.
    private LeaseEntry withFloor(PolicyVersion oldest) {
        PolicyVersion lower = oldest.compareTo(floor) < 0 ? oldest : floor;
        return new LeaseEntry(id, stage, promptId, groupSize, attempt, strikes, issuedAt, lower, arrived, phase);
    }
}
