package io.railhead.actors.stage;

import io.railhead.actors.stage.StageState.Worker;
import io.railhead.policy.PolicyVersion;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// The workers that leases can go to in one turn, by what is left of their room. Who gets the next lease is found
/// without a walk through them: all that makes a worker usable is the version that it serves, and of those there are
/// few.
final class Candidates {
    /// @param id of the worker
    /// @param free samples that it can take yet; negative once it has been given more
    record Candidate(String id, PolicyVersion serving, int free) {}

    private static final Comparator<Candidate> MOST_FREE =
            Comparator.comparingInt(Candidate::free).reversed().thenComparing(Candidate::id);

    private final TreeMap<PolicyVersion, NavigableSet<Candidate>> byVersion = new TreeMap<>();
    private final int least;

    /// @param least free samples of a worker that can be chosen
    Candidates(int least) {
        this.least = least;
    }

    void add(String id, Worker worker) {
        put(new Candidate(id, worker.serving(), worker.freeSamples()));
    }

    boolean isEmpty() {
        return byVersion.isEmpty();
    }

    /// Whether one serves something older.
    boolean isAnyBehind(PolicyVersion version) {
        return !byVersion.isEmpty() && byVersion.firstKey().compareTo(version) < 0;
    }

    /// The one with the most free samples of those that serve a usable version; ties go to the first id.
    Optional<Candidate> choose(Predicate<PolicyVersion> usable) {
        return byVersion.entrySet().stream()
                .filter(entry -> entry.getValue().first().free() >= least && usable.test(entry.getKey()))
                .map(entry -> entry.getValue().first())
                .min(MOST_FREE);
    }

    /// So many samples of this one's room are taken.
    void take(Candidate candidate, int samples) {
        of(candidate.serving()).remove(candidate);
        put(new Candidate(candidate.id(), candidate.serving(), candidate.free() - samples));
    }

    private void put(Candidate candidate) {
        of(candidate.serving()).add(candidate);
    }

    private NavigableSet<Candidate> of(PolicyVersion serving) {
        return byVersion.computeIfAbsent(serving, _ -> new TreeSet<>(MOST_FREE));
    }
}
