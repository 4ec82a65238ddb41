package io.railhead.actors.weights;

import io.railhead.actors.protocol.WeightsCommand.Manifest;
import io.railhead.actors.weights.delta.BlockWorkers;
import io.railhead.actors.weights.delta.ContentSums;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.WeightsSnapshot;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/// The weights that this JVM holds: the newest versions, by reference. Thread-safe; never more than `keep` versions.
///
/// Invariant: the newest version never goes back.
public final class WeightsStore {
    /// The location of weights that go by this store.
    public static final String MEMORY = "memory:";

    private static final BlockWorkers WORKERS = BlockWorkers.ofThisMachine();

    private final int keep;
    private final AtomicReference<SortedMap<PolicyVersion, Held>> held = new AtomicReference<>(new TreeMap<>());

    /// Contents with the root that names them.
    record Held(WeightsSnapshot snapshot, String root) {}

    public WeightsStore(int keep) {
        if (keep < 1) {
            throw new IllegalArgumentException("a store keeps at least one version: " + keep);
        }
        this.keep = keep;
    }

    /// Takes a snapshot in, summing it once, at the speed of memory, and says how others find it. The same contents
    /// twice are one.
    ///
    /// @throws IllegalArgumentException if the version is older than the newest, or is here with other contents
    public Manifest put(WeightsSnapshot snapshot) {
        return put(snapshot, ContentSums.of(snapshot, WORKERS).root());
    }

    /// As `put`, for contents whose root is known already.
    Manifest put(WeightsSnapshot snapshot, String root) {
        held.updateAndGet(before -> with(before, snapshot, root));
        return new Manifest(snapshot.version(), root, snapshot.byteCount(), MEMORY);
    }

    private SortedMap<PolicyVersion, Held> with(
            SortedMap<PolicyVersion, Held> before, WeightsSnapshot snapshot, String root) {
        PolicyVersion version = snapshot.version();
        Held same = before.get(version);
        if (same != null && same.root().equals(root)) {
            return before;
        }
        if (same != null) {
            throw new IllegalArgumentException(version + " is here with other contents");
        }
        if (!before.isEmpty() && version.compareTo(before.lastKey()) < 0) {
            throw new IllegalArgumentException(version + " is older than " + before.lastKey());
        }
        SortedMap<PolicyVersion, Held> after = new TreeMap<>(before);
        after.put(version, new Held(snapshot, root));
        while (after.size() > keep) {
            after.remove(after.firstKey());
        }
        return Collections.unmodifiableSortedMap(after);
    }

    /// The weights of a version, unless they are not here or no more.
    public Optional<WeightsSnapshot> get(PolicyVersion version) {
        return Optional.ofNullable(held.get().get(version)).map(Held::snapshot);
    }

    public Optional<WeightsSnapshot> newest() {
        SortedMap<PolicyVersion, Held> now = held.get();
        return now.isEmpty()
                ? Optional.empty()
                : Optional.of(now.lastEntry().getValue().snapshot());
    }

    /// The weights of a version with their root.
    Optional<Held> held(PolicyVersion version) {
        return Optional.ofNullable(held.get().get(version));
    }

    Optional<Held> newestHeld() {
        SortedMap<PolicyVersion, Held> now = held.get();
        return now.isEmpty() ? Optional.empty() : Optional.of(now.lastEntry().getValue());
    }

    /// Whether the very contents of a manifest are here.
    boolean holds(Manifest manifest) {
        Held here = held.get().get(manifest.version());
        return here != null
                && here.root().equals(manifest.root())
                && here.snapshot().byteCount() == manifest.byteCount();
    }
}
