package io.railhead.actors.weights.port;

import io.railhead.actors.weights.port.WeightsServer.Answer;
import io.railhead.policy.PolicyVersion;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// What a node can hand on: the newest snapshots and deltas, each by its hop. Thread-safe.
///
/// It also knows which versions the node is fetching: whoever asks for one of those is told to wait instead of going
/// to the next node at once, which keeps a tree of nodes a tree.
public final class WeightsShelf implements WeightsServer.Source {
    private final int snapshots;
    private final int deltas;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Hop, Once> offers = new HashMap<>(); // guarded by the lock, as the next
    private final Set<PolicyVersion> expected = new HashSet<>();

    /// @param snapshots how many to keep, each of which keeps its contents in memory
    /// @param deltas how many to keep, encoded
    public WeightsShelf(int snapshots, int deltas) {
        this.snapshots = snapshots;
        this.deltas = deltas;
    }

    /// Takes an offer in, which is made when it is asked for first; the oldest beyond the numbers to keep go.
    public void put(Hop hop, Supplier<Offer> offer) {
        lock.lock();
        try {
            offers.put(hop, new Once(offer));
            prune(hop.base().isPresent(), hop.base().isPresent() ? deltas : snapshots);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void prune(boolean isDelta, int keep) {
        List<Hop> old = offers.keySet().stream()
                .filter(hop -> hop.base().isPresent() == isDelta)
                .sorted(Comparator.comparing(Hop::version).reversed())
                .skip(keep)
                .toList();
        old.forEach(offers::remove);
    }

    /// From now until `arrived`, whoever asks for this version may wait for it.
    public void expect(PolicyVersion version) {
        lock.lock();
        try {
            expected.add(version);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The fetch ended, well or badly.
    public void arrived(PolicyVersion version) {
        lock.lock();
        try {
            expected.remove(version);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Answer find(Hop hop, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        Optional<Once> found;
        boolean comes;
        lock.lock();
        try {
            while (!offers.containsKey(hop) && left > 0) {
                left = changed.awaitNanos(left);
            }
            found = Optional.ofNullable(offers.get(hop));
            comes = expected.contains(hop.version());
        } finally {
            lock.unlock();
        }
        if (found.isPresent()) {
            return new Answer.Found(found.get().get());
        }
        return comes ? new Answer.Coming() : new Answer.NotHere();
    }

    /// Makes an offer when it is wanted, by one thread for all that want it.
    private static final class Once {
        private final Supplier<Offer> maker;
        private final ReentrantLock making = new ReentrantLock();
        private Optional<Offer> made = Optional.empty(); // guarded by the lock

        Once(Supplier<Offer> maker) {
            this.maker = maker;
        }

        Offer get() {
            making.lock();
            try {
                if (made.isEmpty()) {
                    made = Optional.of(maker.get());
                }
                return made.get();
            } finally {
                making.unlock();
            }
        }
    }
}
