package io.railhead.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.Lease;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.policy.PolicyVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Random lives of a worker. A failure prints the seed that replays it.
class RolloutStateProperties {
    private enum Fate {
        FINISHED,
        LOST,
        REVOKED,
        REPLACED
    }

    /// One random life; it follows each sample from its grant to its end.
    private static final class Life {
        final Random random;
        final Map<SampleKey, Fate> ended = new HashMap<>();
        final Map<SampleKey, Lease> granted = new HashMap<>();
        RolloutState state = RolloutState.starting();
        PolicyVersion claimed = PolicyVersion.BASE;
        long nextId;

        Life(long seed) {
            random = new Random(seed);
        }

        void step() {
            switch (random.nextInt(8)) {
                case 0 ->
                    grant(Leases.notBelow(new PolicyVersion(random.nextInt(50)), nextId++, 1 + random.nextInt(4)));
                case 1 -> grantAgain();
                case 2, 3 -> finish();
                case 4 -> revoke();
                case 5 -> crash();
                case 6 -> stage();
                case 7 -> refuse();
                default -> throw new IllegalStateException();
            }
            check();
        }

        private void grant(Lease lease) {
            RolloutState.Granted outcome = state.granted(List.of(lease));
            for (String replaced : outcome.cancel()) {
                samplesOf(replaced).forEach(sample -> end(sample, Fate.REPLACED));
            }
            outcome.submit().forEach(taken -> LeaseInHand.of(taken).samples().forEach(key -> granted.put(key, taken)));
            outcome.lost().forEach(key -> granted.put(key, lease));
            lose(new RolloutState.Lost(outcome.next(), outcome.lost()));
        }

        private void grantAgain() {
            anyInHand().ifPresent(inHand -> {
                Lease old = inHand.lease();
                grant(Leases.lease(old.id().ordinal(), old.attempt() + random.nextInt(2), inHand.outstanding()));
            });
        }

        private void finish() {
            anyInHand().ifPresent(inHand -> {
                int index = inHand.outstanding()
                        .get(random.nextInt(inHand.outstanding().size()));
                RolloutState.Finished outcome = state.finished(LeaseInHand.requestId(inHand.lease()), index);
                assertThat(outcome.lease()).contains(inHand.lease());
                end(new SampleKey(inHand.lease().id(), inHand.lease().attempt(), index), Fate.FINISHED);
                state = outcome.next();
            });
        }

        private void revoke() {
            LeaseId id = new LeaseId(nextId == 0 ? 0 : random.nextLong(nextId));
            RolloutState.Revoked outcome = state.revoked(List.of(id));
            outcome.cancel().forEach(request -> samplesOf(request).forEach(sample -> end(sample, Fate.REVOKED)));
            state = outcome.next();
        }

        private void refuse() {
            anyInHand().ifPresent(inHand -> lose(state.refused(LeaseInHand.requestId(inHand.lease()))));
        }

        private void crash() {
            if (state.engine() instanceof EngineStatus.Serving) {
                lose(state.engineLost());
            } else {
                state = state.engineReady(state.newestStaged(), 1 + random.nextInt(8));
            }
        }

        private void stage() {
            state = state.staged(new PolicyVersion(random.nextInt(50)));
            if (state.engine() instanceof EngineStatus.Serving && random.nextBoolean()) {
                state = state.swapped(state.newestStaged());
            }
        }

        private void lose(RolloutState.Lost outcome) {
            outcome.samples().forEach(sample -> end(sample, Fate.LOST));
            state = outcome.next();
        }

        private void end(SampleKey sample, Fate fate) {
            assertThat(ended.put(sample, fate)).as("%s ended before", sample).isNull();
        }

        private List<SampleKey> samplesOf(String requestId) {
            LeaseInHand inHand = state.leases().get(requestId);
            return inHand == null ? List.of() : inHand.samples().toList();
        }

        private Optional<LeaseInHand> anyInHand() {
            List<LeaseInHand> all = new ArrayList<>(state.leases().values());
            return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
        }

        private void check() {
            assertThat(ended.size() + state.outstandingSamples()).isEqualTo(granted.size());
            state.request(3).ifPresent(request -> {
                assertThat(request.freeSamples()).isNotNegative();
                assertThat(request.serving()).isGreaterThanOrEqualTo(claimed);
                claimed = request.serving();
            });
            assertThat(state.inHand()).allMatch(lease -> lease.floor().compareTo(claimed) <= 0);
        }
    }

    @Property(tries = 500)
    void everySampleLeavesOnceAndTheVersionNeverGoesBack(@ForAll long seed, @ForAll @IntRange(max = 60) int steps) {
        Life life = new Life(seed);
        for (int i = 0; i < steps; i++) {
            life.step();
        }
    }
}
