package io.railhead.actors.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RunFact.LeaseEnded.Outcome;
import io.railhead.actors.stage.Ledger.Outcomes;
import io.railhead.policy.PolicyVersion;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// The ledger's laws under commands in any order, about leases that are open, over, or were never issued.
class LedgerProperties {
    private static final int MAX_ATTEMPTS = 3;
    private static final int GROUP_SIZE = 3;
    private static final PolicyVersion V0 = PolicyVersion.BASE;

    private enum Kind {
        ISSUE,
        GRANT,
        ARRIVED,
        READY,
        REFUSED,
        END,
        EXPIRE,
        LOSE,
        FORGET
    }

    record Command(Kind kind, long lease, int sample, int attempt, int worker) {}

    @Property
    void issuedIsTheSumOfAllOutcomesAndWhatIsOpenAndEachLeaseEndsOnce(@ForAll("commands") List<Command> commands) {
        Ledger ledger = Ledger.empty(MAX_ATTEMPTS);
        Map<LeaseId, Integer> ends = new HashMap<>();
        Instant now = Instant.EPOCH;

        for (Command command : commands) {
            now = now.plusSeconds(1);
            Ledger.Changes changes = perform(ledger, command, now);
            for (Outcomes outcome : changes.outcomes()) {
                switch (outcome) {
                    case Outcomes.Failed(LeaseEntry before, String _) -> ends.merge(before.id(), 1, Integer::sum);
                    case Outcomes.Ended(LeaseEntry before, Outcome _) -> ends.merge(before.id(), 1, Integer::sum);
                    case Outcomes.Repeated _, Outcomes.NotOpen _ ->
                        assertThat(changes.next()).isEqualTo(ledger);
                    case Outcomes.Again(LeaseEntry before, LeaseEntry lease, String _) -> {
                        assertThat(lease.id()).isEqualTo(before.id());
                        assertThat(lease.attempt()).isEqualTo(before.attempt() + 1);
                        assertThat(lease.arrived()).doesNotContainAnyElementsOf(lease.missing());
                    }
                    case Outcomes.Changed _ -> {}
                }
            }
            ledger = changes.next();

            var counts = ledger.counts();
            assertThat(counts.issued())
                    .isEqualTo(counts.trained()
                            + counts.filtered()
                            + counts.stale()
                            + counts.failed()
                            + counts.inFlight());
            assertThat(ends).hasSize((int) (counts.issued() - counts.inFlight()));
            assertThat(ends.values()).allMatch(times -> times == 1);
            assertThat(ledger.leases()).allMatch(lease -> lease.strikes() < MAX_ATTEMPTS);
        }
    }

    private static Ledger.Changes perform(Ledger ledger, Command command, Instant now) {
        LeaseId id = new LeaseId(command.lease());
        String worker = "w" + command.worker();
        return switch (command.kind()) {
            case ISSUE -> one(ledger.issue("s", "p", GROUP_SIZE, V0, V0, worker, now, now.plusSeconds(5)));
            case GRANT -> one(ledger.grant(id, worker, now, now.plusSeconds(5)));
            case ARRIVED -> probeWhenWhole(ledger, id, command, now);
            case READY -> one(ledger.ready(id, V0, command.sample() == 0, 0.5, now));
            case REFUSED -> one(ledger.refused(id, command.attempt(), command.sample(), "cause", now));
            case END ->
                one(ledger.ended(
                        id,
                        List.of(Outcome.TRAINED, Outcome.FILTERED, Outcome.STALE, Outcome.FAILED)
                                .get(command.worker())));
            case EXPIRE -> ledger.expire(now);
            case LOSE -> ledger.lose(worker, now);
            case FORGET -> ledger.forgetSamples("cause", now);
        };
    }

    /// Keeps one sample away, so that `missing` is what has really not arrived.
    private static Ledger.Changes probeWhenWhole(Ledger ledger, LeaseId id, Command command, Instant now) {
        return one(ledger.arrived(id, Math.min(command.sample(), GROUP_SIZE - 2), V0, now));
    }

    private static Ledger.Changes one(Ledger.Change change) {
        return new Ledger.Changes(change.next(), List.of(change.outcome()));
    }

    @Provide
    Arbitrary<List<Command>> commands() {
        return Combinators.combine(
                        Arbitraries.of(Kind.values()),
                        Arbitraries.longs().between(0, 6),
                        Arbitraries.integers().between(0, GROUP_SIZE - 1),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.integers().between(0, 3))
                .as(Command::new)
                .list()
                .ofMaxSize(120);
    }
}
