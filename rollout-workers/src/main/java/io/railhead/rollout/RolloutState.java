package io.railhead.rollout;

import io.railhead.actors.protocol.Lease;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.policy.PolicyVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// The rules of a rollout worker as a value: leases in hand, samples outstanding, version served, capacity.
///
/// Invariants: every sample of a granted lease leaves this state exactly once, as finished, lost, revoked or replaced
/// by a later attempt; no lease in hand has a floor above the version served; the version served never goes back; free
/// capacity is never negative, and 0 without an engine or
/// while draining; one swap is under way at a time, and the next one goes to the newest version at that time.
/// `swappingTo` is the version last asked of the present engine. `crashesInRow` counts engines lost since a sequence
/// last finished.
///
/// Leases are held by request id in the order of their grant.
record RolloutState(
        EngineStatus engine,
        PolicyVersion newestStaged,
        PolicyVersion swappingTo,
        int crashesInRow,
        boolean draining,
        SequencedMap<String, LeaseInHand> leases) {
    RolloutState {
        leases = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(leases));
    }

    /// Outcome of a grant: what to submit, in order, after having cancelled the requests of replaced attempts, and
    /// samples that will not come.
    record Granted(RolloutState next, List<Lease> submit, List<String> cancel, List<SampleKey> lost) {}

    /// Outcome of a finished sequence: its lease, or nothing when nobody waits for the sample any more.
    record Finished(RolloutState next, Optional<Lease> lease) {}

    /// Outcome of a loss: samples that will not come.
    record Lost(RolloutState next, List<SampleKey> samples) {}

    /// Outcome of a revocation: requests to cancel.
    record Revoked(RolloutState next, List<String> cancel) {}

    /// Outcome of a look at the weights: what to swap to now, if anything.
    record Swapping(RolloutState next, Optional<PolicyVersion> version) {}

    /// What to ask the stage controller for.
    record Request(PolicyVersion serving, int freeSamples) {}

    static RolloutState starting() {
        return new RolloutState(
                new EngineStatus.Starting(), PolicyVersion.BASE, PolicyVersion.BASE, 0, false, new LinkedHashMap<>());
    }

    /// Takes leases. The same attempt, or an older one, of a lease in hand changes nothing; a later attempt replaces
    /// it, because its floor may be above tokens that the older attempt already has.
    ///
    /// A lease with a floor above the version served was on its way when this worker started afresh, so it is lost.
    Granted granted(List<Lease> granted) {
        LinkedHashMap<String, LeaseInHand> next = new LinkedHashMap<>(leases);
        List<String> cancel = new ArrayList<>();
        List<SampleKey> lost = new ArrayList<>();
        for (Lease lease : granted) {
            if (lease.floor().compareTo(served()) > 0) {
                LeaseInHand.of(lease).samples().forEach(lost::add);
                continue;
            }
            Optional<Lease> present = next.values().stream()
                    .map(LeaseInHand::lease)
                    .filter(l -> l.id().equals(lease.id()))
                    .findFirst();
            if (present.isPresent() && present.get().attempt() >= lease.attempt()) {
                continue;
            }
            present.map(LeaseInHand::requestId).ifPresent(replaced -> {
                next.remove(replaced);
                if (leases.containsKey(replaced)) {
                    cancel.add(replaced);
                }
            });
            next.put(LeaseInHand.requestId(lease), LeaseInHand.of(lease));
        }
        List<Lease> submit = next.entrySet().stream()
                .filter(entry -> !leases.containsKey(entry.getKey()))
                .map(entry -> entry.getValue().lease())
                .toList();
        return new Granted(with(next), submit, List.copyOf(cancel), List.copyOf(lost));
    }

    /// Those of the leases that were not revoked, replaced or lost meanwhile.
    List<Lease> stillInHand(List<Lease> granted) {
        return granted.stream()
                .filter(lease -> leases.containsKey(LeaseInHand.requestId(lease)))
                .toList();
    }

    /// These leases of those in hand have their pictures now.
    RolloutState completed(List<Lease> whole) {
        LinkedHashMap<String, LeaseInHand> next = new LinkedHashMap<>(leases);
        whole.forEach(lease -> next.computeIfPresent(
                LeaseInHand.requestId(lease), (_, inHand) -> new LeaseInHand(lease, inHand.outstanding())));
        return with(next);
    }

    /// Takes a finished sample out. A second report of it, or one of a lease given up, finds no lease.
    Finished finished(String requestId, int sampleIndex) {
        LeaseInHand inHand = leases.get(requestId);
        if (inHand == null || !inHand.outstanding().contains(sampleIndex)) {
            return new Finished(this, Optional.empty());
        }
        LinkedHashMap<String, LeaseInHand> next = new LinkedHashMap<>(leases);
        List<Integer> rest = new ArrayList<>(inHand.outstanding());
        rest.removeIf(index -> index == sampleIndex);
        if (rest.isEmpty()) {
            next.remove(requestId);
        } else {
            next.put(requestId, new LeaseInHand(inHand.lease(), rest));
        }
        return new Finished(
                new RolloutState(engine, newestStaged, swappingTo, 0, draining, next), Optional.of(inHand.lease()));
    }

    /// The engine does not take this prompt: the whole lease is lost.
    Lost refused(String requestId) {
        LeaseInHand inHand = leases.get(requestId);
        if (inHand == null) {
            return new Lost(this, List.of());
        }
        LinkedHashMap<String, LeaseInHand> next = new LinkedHashMap<>(leases);
        next.remove(requestId);
        return new Lost(with(next), inHand.samples().toList());
    }

    Revoked revoked(List<LeaseId> revoked) {
        Set<LeaseId> ids = new HashSet<>(revoked);
        LinkedHashMap<String, LeaseInHand> next = new LinkedHashMap<>(leases);
        List<String> cancel = leases.entrySet().stream()
                .filter(entry -> ids.contains(entry.getValue().lease().id()))
                .map(Map.Entry::getKey)
                .toList();
        cancel.forEach(next::remove);
        return new Revoked(with(next), cancel);
    }

    /// The engine died, and all that it was generating with it.
    Lost engineLost() {
        List<SampleKey> lost =
                leases.values().stream().flatMap(LeaseInHand::samples).toList();
        EngineStatus down = switch (engine) {
            case EngineStatus.Starting starting -> starting;
            case EngineStatus.Serving(PolicyVersion version, int _) -> new EngineStatus.Down(version);
            case EngineStatus.Down already -> already;
        };
        RolloutState next =
                new RolloutState(down, newestStaged, swappingTo, crashesInRow + 1, draining, new LinkedHashMap<>());
        return new Lost(next, lost);
    }

    /// A new engine is up.
    ///
    /// @throws IllegalStateException if it serves an older version than this worker did before: leases in hand were
    ///     granted on the promise that it does not
    RolloutState engineReady(PolicyVersion version, int slots) {
        return serving(new EngineStatus.Serving(version, slots));
    }

    /// The engine took new weights.
    RolloutState swapped(PolicyVersion version) {
        return switch (engine) {
            case EngineStatus.Serving(PolicyVersion _, int slots) -> serving(new EngineStatus.Serving(version, slots));
            case EngineStatus.Starting _, EngineStatus.Down _ ->
                throw new IllegalStateException("no engine is up that could have swapped to " + version);
        };
    }

    /// These weights are ready to be swapped in.
    RolloutState staged(PolicyVersion version) {
        PolicyVersion newest = version.compareTo(newestStaged) > 0 ? version : newestStaged;
        return new RolloutState(engine, newest, swappingTo, crashesInRow, draining, leases);
    }

    /// Asks for the newest weights, unless the engine has them, is not up, or has not answered the last such request:
    /// versions that are published faster than the engine swaps are left out, not queued.
    Swapping swap() {
        boolean due = engine instanceof EngineStatus.Serving(PolicyVersion version, int _)
                && newestStaged.compareTo(version) > 0
                && swappingTo.compareTo(version) <= 0;
        return due
                ? new Swapping(
                        new RolloutState(engine, newestStaged, newestStaged, crashesInRow, draining, leases),
                        Optional.of(newestStaged))
                : new Swapping(this, Optional.empty());
    }

    RolloutState drain() {
        return new RolloutState(engine, newestStaged, swappingTo, crashesInRow, true, leases);
    }

    /// All leases in hand, in the order of their grant.
    List<Lease> inHand() {
        return leases.values().stream().map(LeaseInHand::lease).toList();
    }

    int outstandingSamples() {
        int samples = 0;
        for (LeaseInHand inHand : leases.values()) {
            samples += inHand.outstanding().size();
        }
        return samples;
    }

    /// Nothing before the first engine is up: there is no version to claim.
    ///
    /// @param queueAhead samples to have waiting behind those that are decoded
    Optional<Request> request(int queueAhead) {
        return switch (engine) {
            case EngineStatus.Starting _ -> Optional.empty();
            case EngineStatus.Down(PolicyVersion last) -> Optional.of(new Request(last, 0));
            case EngineStatus.Serving(PolicyVersion version, int slots) ->
                Optional.of(
                        new Request(version, draining ? 0 : Math.max(0, slots + queueAhead - outstandingSamples())));
        };
    }

    private RolloutState serving(EngineStatus.Serving serving) {
        PolicyVersion before = served();
        if (serving.version().compareTo(before) < 0) {
            throw new IllegalStateException(
                    "the engine serves " + serving.version() + " after " + before + " was served");
        }
        return new RolloutState(serving, newestStaged, swappingTo, crashesInRow, draining, leases);
    }

    private PolicyVersion served() {
        return switch (engine) {
            case EngineStatus.Starting _ -> PolicyVersion.BASE;
            case EngineStatus.Serving(PolicyVersion version, int _) -> version;
            case EngineStatus.Down(PolicyVersion last) -> last;
        };
    }

    private RolloutState with(SequencedMap<String, LeaseInHand> next) {
        return new RolloutState(engine, newestStaged, swappingTo, crashesInRow, draining, next);
    }
}
