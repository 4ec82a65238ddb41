package io.railhead.actors.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RunFact.LeaseEnded.Outcome;
import io.railhead.actors.stage.Ledger.Outcomes;
import io.railhead.policy.PolicyVersion;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

class LedgerTest {
    private static final Instant NOW = Instant.EPOCH;
    private static final Instant LATER = NOW.plusSeconds(60);
    private static final PolicyVersion V3 = new PolicyVersion(3);
    private static final LeaseId ID = new LeaseId(0);

    private final Ledger open =
            Ledger.empty(2).issue("stage", "prompt", 3, V3, V3, "w", NOW, LATER).next();

    @Test
    void anExpiredLeaseWaitsUnderTheNextAttemptForItsMissingSamples() {
        Ledger expired = open.arrived(ID, 1, V3, NOW).next().expire(LATER).next();

        LeaseEntry lease = expired.lease(ID).orElseThrow();
        assertThat(lease.attempt()).isEqualTo(2);
        assertThat(lease.isWaiting()).isTrue();
        assertThat(lease.missing()).containsExactly(0, 2);
    }

    @Test
    void aLeaseFailsWithItsLastAttempt() {
        Ledger second = open.expire(LATER).next().grant(ID, "x", LATER, LATER).next();

        Ledger.Changes changes = second.expire(LATER);

        assertThat(changes.outcomes())
                .containsExactly(new Outcomes.Failed(second.lease(ID).orElseThrow(), "attempt 2 expired"));
        assertThat(changes.next().counts()).isEqualTo(new LedgerCounts(1, 0, 0, 0, 1, 0));
    }

    @Test
    void aRefusalOfAnOldAttemptChangesNothing() {
        Ledger second = open.expire(LATER).next().grant(ID, "x", LATER, LATER).next();

        assertThat(second.refused(ID, 1, 0, "late", LATER))
                .isEqualTo(new Ledger.Change(second, new Outcomes.Repeated()));
    }

    @Test
    void anAttemptEndsWhenEachMissingSampleWasRefused() {
        Ledger waiting = open.arrived(ID, 0, V3, NOW)
                .next()
                .refused(ID, 1, 1, "no room", NOW)
                .next()
                .refused(ID, 1, 2, "no room", NOW)
                .next();

        assertThat(waiting.lease(ID).orElseThrow().missing()).containsExactly(1, 2);
        assertThat(waiting.lease(ID).orElseThrow().attempt()).isEqualTo(2);
    }

    @Test
    void aSampleOfAnOldAttemptStillCounts() {
        Ledger waiting = open.expire(LATER).next();

        Ledger whole = waiting.ready(ID, V3, false, 1, LATER).next();

        assertThat(whole.lease(ID).orElseThrow().isReady()).isTrue();
        assertThat(whole.grant(ID, "x", LATER, LATER).next()).isEqualTo(whole);
    }

    @Test
    void aSampleOlderThanPromisedLowersTheFloor() {
        Ledger lowered = open.arrived(ID, 0, PolicyVersion.BASE, NOW).next();

        assertThat(lowered.lease(ID).orElseThrow().floor()).isEqualTo(PolicyVersion.BASE);
    }

    @Test
    void aLeaseWhoseSamplesAllArrivedButIsNotReadyAsksForOneAgain() {
        Ledger silent = open;
        for (int sample = 0; sample < 3; sample++) {
            silent = silent.arrived(ID, sample, V3, NOW).next();
        }

        Ledger expired = silent.expire(LATER).next();

        assertThat(expired.lease(ID).orElseThrow().missing()).containsExactly(2);
    }

    @Test
    void aLeaseEndsOnce() {
        Ledger ended = open.ended(ID, Outcome.TRAINED).next();

        assertThat(ended.ended(ID, Outcome.FAILED)).isEqualTo(new Ledger.Change(ended, new Outcomes.NotOpen(ID)));
        assertThat(ended.counts()).isEqualTo(new LedgerCounts(1, 1, 0, 0, 0, 0));
    }

    @Test
    void refusesCountsThatDoNotBalance() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ledger(2, 1, 0, 0, 0, TreePMap.empty(), 1))
                .withMessageContaining("unbalanced ledger");
    }
}
