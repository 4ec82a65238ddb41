package io.railhead.actors.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.stage.Candidates.Candidate;
import io.railhead.actors.stage.StageState.Worker;
import io.railhead.policy.PolicyVersion;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class CandidatesProperties {
    private static final Instant NOW = Instant.EPOCH;

    /// The twin: a walk through all of them in id order.
    private static Optional<String> slow(
            SortedMap<String, Worker> workers, int least, Predicate<PolicyVersion> usable) {
        Optional<String> best = Optional.empty();
        int most = Integer.MIN_VALUE;
        for (Map.Entry<String, Worker> entry : workers.entrySet()) {
            int free = entry.getValue().freeSamples();
            if (free >= least && usable.test(entry.getValue().serving()) && (best.isEmpty() || free > most)) {
                best = Optional.of(entry.getKey());
                most = free;
            }
        }
        return best;
    }

    @Property
    void choosesWhomAWalkThroughAllChooses(
            @ForAll long seed, @ForAll @IntRange(max = 30) int count, @ForAll boolean beyondTheirRoom) {
        SplittableRandom random = new SplittableRandom(seed);
        int least = beyondTheirRoom ? Integer.MIN_VALUE : 1;
        SortedMap<String, Worker> workers = new TreeMap<>();
        Candidates candidates = new Candidates(least);
        for (int i = 0; i < count; i++) {
            Worker worker = new Worker(new PolicyVersion(random.nextInt(4)), 1 + random.nextInt(9), NOW);
            workers.put("worker-" + random.nextInt(100) + "-" + i, worker);
        }
        workers.forEach(candidates::add);
        assertThat(candidates.isEmpty()).isEqualTo(workers.isEmpty());
        assertThat(candidates.isAnyBehind(new PolicyVersion(2)))
                .isEqualTo(workers.values().stream().anyMatch(w -> w.serving().number() < 2));
        for (int turn = 0; turn < 60; turn++) {
            int from = random.nextInt(5);
            Predicate<PolicyVersion> usable = serving -> serving.number() >= from;
            Optional<Candidate> chosen = candidates.choose(usable);
            assertThat(chosen.map(Candidate::id)).isEqualTo(slow(workers, least, usable));
            int taken = 1 + random.nextInt(8);
            chosen.ifPresent(candidate -> {
                candidates.take(candidate, taken);
                workers.computeIfPresent(candidate.id(), (_, worker) -> worker.plusFree(-taken));
            });
        }
    }
}
