package io.railhead.actors.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.RunStatus;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.policy.PolicyVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// Every watchdog after ten seconds, a look a second. Groups of two samples, a step of two groups, one worker of 100.
class AlertsTest {
    private static final PolicyVersion V0 = PolicyVersion.BASE;
    private static final PolicyVersion V1 = V0.next();
    private static final Instant START = Instant.EPOCH;

    private StageState state = start("warn", "warn");
    private Instant now = START;
    private List<StageEffect> effects = List.of();
    private final List<RunFact> facts = new java.util.ArrayList<>();

    private static StageState start(String ofSteps, String ofLeases) {
        return StageState.start(
                Settings.of(
                        "groups-per-step = 2",
                        "group-size = 2",
                        "max-staleness = 1",
                        "lease-timeout = 1h",
                        "worker-silence = 1h",
                        "watchdogs.no-step { after = 10s, action = %s }".formatted(ofSteps),
                        "watchdogs.no-trajectory { after = 10s, action = %s }".formatted(ofLeases),
                        "watchdogs.no-score { after = 10s, action = %s }".formatted(ofLeases),
                        "watchdogs.no-weights { after = 10s, action = warn }"),
                Prompts.of(50, "a").catalogue(),
                START);
    }

    private void on(Function<StageState, Transition> event) {
        Transition transition = event.apply(state);
        state = transition.next();
        effects = transition.effects();
        effects.forEach(effect -> {
            if (effect instanceof StageEffect.RecordFact(RunFact fact)
                    && (fact instanceof RunFact.AlertRaised || fact instanceof RunFact.AlertCleared)) {
                facts.add(fact);
            }
        });
    }

    private void seconds(int count) {
        for (int i = 0; i < count; i++) {
            now = now.plusSeconds(1);
            on(s -> s.onTick(now));
        }
    }

    private void ask(PolicyVersion serving, int free) {
        on(s -> s.onRequestLeases("w", serving, free, now));
    }

    private void arrive(long lease, int sample) {
        on(s -> s.onSampleArrived(new LeaseId(lease), sample, V0, now));
    }

    private void ready(long lease) {
        on(s -> s.onGroupReady(new LeaseId(lease), V0, false, 0.5, now));
    }

    @Test
    void aLearnerThatDoesNotComeBackFromAStepIsNamedOnce() {
        on(s -> s.onLearnerReady(V0, now));
        ask(V0, 100);
        ready(0);
        ready(1);
        ready(2);
        ready(3);
        seconds(25);
        assertThat(facts)
                .containsExactly(new RunFact.AlertRaised("no-step", "learner", "makes a step from v0", START, "warn"));
        assertThat(state.status().alerts())
                .isEqualTo(new RunStatus.Alerts(
                        List.of(new RunStatus.Alert(
                                "no-step", "learner", "makes a step from v0", "1970-01-01T00:00:00Z")),
                        1));

        on(s -> s.onStepCommitted(V1, List.of(new LeaseId(0), new LeaseId(1)), Map.of(), now));
        ask(V1, 100);
        seconds(1);
        assertThat(facts.getLast()).isEqualTo(new RunFact.AlertCleared("no-step", "learner"));
        assertThat(state.status().alerts()).isEqualTo(new RunStatus.Alerts(List.of(), 1));
    }

    @Test
    void aWorkerThatSendsNothingIsNamedWithItsOldestLease() {
        on(s -> s.onLearnerReady(V0, now));
        ask(V0, 100);
        seconds(9);
        arrive(0, 0);
        seconds(9);
        assertThat(facts).extracting(AlertsTest::label).doesNotContain("no-trajectory");
        seconds(1);
        assertThat(facts)
                .contains(new RunFact.AlertRaised(
                        "no-trajectory",
                        "worker w",
                        "sends no sample of lease-0 and 3 others",
                        START.plusSeconds(9),
                        "warn"));
    }

    @Test
    void samplesThatAWorkerIsDoneWithAndThatDoNotArriveAreTheRewardActors() {
        on(s -> s.onLearnerReady(V0, now));
        ask(V0, 100);
        seconds(1);
        ask(V0, 98); // of eight samples it has done six
        seconds(10);
        assertThat(facts)
                .contains(new RunFact.AlertRaised(
                        "no-score",
                        "reward actors",
                        "6 samples of worker w, the oldest of lease-0, have no score",
                        START,
                        "warn"))
                .extracting(AlertsTest::label)
                .doesNotContain("no-trajectory");
    }

    @Test
    void aWorkerThatStaysBehindIsNamedWithWhatItServes() {
        on(s -> s.onLearnerReady(V0, now));
        ask(V0, 100);
        for (long lease = 0; lease < 4; lease++) {
            ready(lease);
        }
        seconds(5);
        on(s -> s.onStepCommitted(V1, List.of(new LeaseId(0), new LeaseId(1)), Map.of(), now));
        ask(V0, 100);
        seconds(10);
        assertThat(facts).extracting(AlertsTest::label).doesNotContain("no-weights");
        seconds(1);
        assertThat(facts)
                .contains(new RunFact.AlertRaised("no-weights", "worker w", "serves v0", START.plusSeconds(6), "warn"));
    }

    @Test
    void leasesAreGrantedAgainWithoutAStrikeWhereThatIsTheAction() {
        state = start("warn", "reissue");
        on(s -> s.onLearnerReady(V0, now));
        ask(V0, 100);
        seconds(10);
        assertThat(effects)
                .contains(new StageEffect.Revoke(
                        "w", List.of(new LeaseId(0), new LeaseId(1), new LeaseId(2), new LeaseId(3))));
        assertThat(state.ledger().lease(new LeaseId(0)).orElseThrow())
                .extracting(LeaseEntry::attempt, LeaseEntry::strikes)
                .containsExactly(2, 0);
        assertThat(state.ledger().counts()).isEqualTo(new LedgerCounts(4, 0, 0, 0, 0, 4));
    }

    @Test
    void theRunFailsWhereThatIsTheAction() {
        state = start("fail", "warn");
        seconds(10);
        assertThat(effects)
                .endsWith(new StageEffect.EndRun(new RunEnded(
                        V0,
                        LedgerCounts.ZERO,
                        RunEnded.Outcome.FAILED,
                        "no-step: learner is not there since 1970-01-01T00:00:00Z")));
        assertThat(Duration.between(START, now)).isEqualTo(Duration.ofSeconds(10));
    }

    private static String label(RunFact fact) {
        return switch (fact) {
            case RunFact.AlertRaised raised -> raised.alert();
            case RunFact.AlertCleared cleared -> cleared.alert();
            default -> "";
        };
    }
}
