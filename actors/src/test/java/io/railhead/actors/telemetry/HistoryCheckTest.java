package io.railhead.actors.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.protocol.Task;
import io.railhead.policy.FinishReason;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.TokenIds;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Groups of one sample, and at most one version between sampling and training.
class HistoryCheckTest {
    private final HistoryCheck history = HistoryCheck.fromTheStart(1, 1);

    @Test
    void aRunThatGoesBackToACommitKeepsItsLaws() {
        life(1, 0, Optional.empty());
        sample(0, 0, 0);
        step(1, 0);
        sample(1, 0, 0);
        step(2, 1);
        life(2, 1, Optional.of(1L));
        sample(1, 0, 1);
        step(2, 1);
        sample(2, 0, 1, 2);
        step(3, 2);
        assertThat(history.faults()).isEmpty();
        assertThat(history.summary())
                .isEqualTo(new HistoryCheck.Summary(3, 1, 2, 4, 1, new LedgerCounts(3, 3, 0, 0, 0, 0)));
    }

    @Test
    void aLogWithoutItsBeginningIsCheckedFromWhereItShowsAll() {
        HistoryCheck part = HistoryCheck.ofALaterPart(1, 1);
        List<RunFact> facts = List.of(
                finished(7, 10), // trained of samples that are not shown
                finished(8, 11), // may be
                finished(9, 12), // may not be
                finished(11, 13));
        facts.forEach(part::add);
        assertThat(part.faults())
                .containsExactly(
                        "v9: the log shows 0 of 1 samples of lease-12",
                        "v11 follows v9",
                        "v11: the log shows 0 of 1 samples of lease-13");
    }

    @Test
    void aLifeThatGoesBackToBeforeWhatIsShownIsBelieved() {
        HistoryCheck part = HistoryCheck.ofALaterPart(1, 1);
        part.add(finished(7, 10));
        part.add(new RunFact.IncarnationBegan(
                new Incarnation(2), new Incarnation(1), Optional.of(new PolicyVersion(5))));
        part.add(finished(6, 12));
        part.add(new RunFact.IncarnationBegan(
                new Incarnation(3), new Incarnation(2), Optional.of(new PolicyVersion(9))));
        assertThat(part.faults())
                .containsExactly(
                        "v6: the log shows 0 of 1 samples of lease-12",
                        "life 2 goes on from v9, which the log does not show");
    }

    @Test
    void aLeaseThatIsTrainedTwiceIsFound() {
        life(1, 0, Optional.empty());
        sample(0, 0, 0);
        step(1, 0);
        step(2, 0);
        assertThat(history.faults()).containsExactly("v2: lease-0 was trained before, in v1");
    }

    @Test
    void aSampleThatIsTakenTwiceIsFound() {
        sample(0, 0, 0);
        sample(0, 0, 0);
        assertThat(history.faults()).containsExactly("lease-0 sample 0 was taken in twice");
    }

    @Test
    void aStaleTokenAndOneFromTheFutureAreFound() {
        life(1, 0, Optional.empty());
        sample(0, 0, 0);
        step(1, 0);
        sample(1, 0, 2);
        step(2, 1);
        sample(2, 0, 0);
        step(3, 2);
        assertThat(history.faults())
                .containsExactly(
                        "v2: lease-1 sample 0 has a token of v2",
                        "v3: lease-2 sample 0 has a token 2 versions old, of at most 1");
    }

    @Test
    void aGapASampleThatIsNotThereAndALifeFromNowhereAreFound() {
        life(1, 0, Optional.empty());
        step(1, 0);
        life(2, 1, Optional.of(4L));
        sample(1, 0, 4);
        step(5, 1);
        assertThat(history.faults())
                .containsExactly(
                        "v1: the log shows 0 of 1 samples of lease-0",
                        "life 2 goes on from v4, which the log does not show",
                        "v5 follows v1");
    }

    private void life(long number, long parent, Optional<Long> from) {
        history.add(new RunFact.IncarnationBegan(
                new Incarnation(number), new Incarnation(parent), from.map(PolicyVersion::new)));
    }

    private void sample(long lease, int index, long... versions) {
        Rollout rollout = new Rollout(
                new LeaseId(lease),
                1,
                index,
                "all",
                new Task(new Prompt("p", "?", List.of()), "judging", "easy", "{}"),
                TokenIds.of(1),
                SampledTokens.of(
                        TokenIds.of(LongStream.of(versions).mapToInt(_ -> 7).toArray()),
                        new float[versions.length],
                        versions),
                "yes",
                FinishReason.STOP,
                "worker");
        history.add(new RunFact.TrajectoryTaken(
                new ScoredRollout(rollout, new Score(1, true, 1, List.of(new Score.Component("format", 1, ""))))));
    }

    /// Each step trains one lease.
    private void step(long version, long lease) {
        history.add(finished(version, lease));
    }

    private static RunFact finished(long version, long lease) {
        return new RunFact.StepFinished(
                new PolicyVersion(version),
                "all",
                List.of(new LeaseId(lease)),
                new LedgerCounts(version, version, 0, 0, 0, 0),
                Map.of());
    }
}
