package io.railhead.app.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.protocol.Task;
import io.railhead.learner.BatchLimits;
import io.railhead.learner.Group;
import io.railhead.policy.FinishReason;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.TokenIds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Random histories: lives that die at any point and go on from any commit, samples in any order and some after their
/// step, leases that end otherwise.
class LogFoldProperties {
    private static final int GROUP_SIZE = 3;
    private static final int GROUPS = 2;
    private static final BatchLimits LIMITS = new BatchLimits(GROUP_SIZE, GROUPS, 2);

    /// What happened, and what of it counts.
    private static final class History {
        private final Random random;
        private final List<RunFact> facts = new ArrayList<>();
        private final TreeMap<Long, List<String>> steps = new TreeMap<>(); // version -> its samples, in order
        private final Map<Long, Long> leasesAt = new HashMap<>(); // version committed -> next lease
        private final Map<Long, Long> makerOf = new HashMap<>();
        private long version;
        private long nextLease;
        private long life;

        History(long seed, int lives) {
            this.random = new Random(seed);
            for (int i = 0; i < lives; i++) {
                begin();
                live();
            }
        }

        private void begin() {
            List<Long> commits = new ArrayList<>(leasesAt.keySet());
            Collections.sort(commits);
            Optional<Long> from =
                    commits.isEmpty() ? Optional.empty() : Optional.of(commits.get(random.nextInt(commits.size())));
            long parent = from.map(makerOf::get).orElse(0L);
            life++;
            facts.add(new RunFact.IncarnationBegan(
                    new Incarnation(life), new Incarnation(parent), from.map(PolicyVersion::new)));
            version = from.orElse(0L);
            nextLease = from.map(leasesAt::get).orElse(0L);
            steps.tailMap(version, false).clear();
            leasesAt.keySet().removeIf(commit -> commit > version);
        }

        private void live() {
            int length = random.nextInt(5);
            for (int i = 0; i < length; i++) {
                step(i == length - 1 && random.nextBoolean());
            }
        }

        /// @param last whose facts may be cut off
        private void step(boolean last) {
            List<LeaseId> leases = new ArrayList<>();
            List<RunFact> samples = new ArrayList<>();
            for (int g = 0; g < GROUPS; g++) {
                LeaseId lease = new LeaseId(nextLease++);
                leases.add(lease);
                for (int s = 0; s < GROUP_SIZE; s++) {
                    samples.add(new RunFact.TrajectoryTaken(sample(lease, s)));
                }
            }
            if (random.nextBoolean()) {
                LeaseId other = new LeaseId(nextLease++);
                samples.add(new RunFact.TrajectoryTaken(sample(other, 0)));
                samples.add(new RunFact.LeaseEnded(
                        other, RunFact.LeaseEnded.Outcome.STALE, new PolicyVersion(version), ""));
            }
            Collections.shuffle(samples, random);
            Collections.shuffle(leases, random);
            version++;
            if (last) {
                facts.addAll(samples.subList(0, random.nextInt(samples.size())));
                version--; // it was never finished
                return;
            }
            int late = random.nextInt(3); // facts that overtook the step's
            facts.addAll(samples.subList(0, samples.size() - late));
            facts.add(finished(leases));
            facts.addAll(samples.subList(samples.size() - late, samples.size()));
            List<String> expected = new ArrayList<>();
            for (LeaseId lease : leases) {
                for (int s = 0; s < GROUP_SIZE; s++) {
                    expected.add(text(lease, s));
                }
            }
            steps.put(version, expected);
            if (random.nextInt(3) == 0) {
                facts.add(new RunFact.CheckpointWritten(new PolicyVersion(version), "step-" + version));
                leasesAt.put(version, nextLease);
                makerOf.put(version, life);
            }
        }

        private RunFact finished(List<LeaseId> leases) {
            return new RunFact.StepFinished(
                    new PolicyVersion(version), "stage", leases, LedgerCounts.ZERO, Map.of("life", (double) life));
        }

        private ScoredRollout sample(LeaseId lease, int index) {
            return new ScoredRollout(
                    new Rollout(
                            lease,
                            1,
                            index,
                            "stage",
                            new Task(new Prompt("p", "?", List.of()), "kind", "easy", "key"),
                            TokenIds.of(1),
                            SampledTokens.of(TokenIds.of(2), new float[] {-1}, new long[] {version}),
                            text(lease, index),
                            FinishReason.STOP,
                            "w"),
                    new Score(1, true, 1, List.of()));
        }

        /// Leases of a line that died come again in the next one, with other samples.
        private String text(LeaseId lease, int index) {
            return "%s/%d of life %d".formatted(lease, index, life);
        }
    }

    private static List<Recorded.Step> folded(List<RunFact> facts) throws IncompleteLogException {
        Survey survey = Survey.EMPTY;
        for (RunFact fact : facts) {
            survey = survey.after(fact);
        }
        List<Recorded.Step> steps = new ArrayList<>();
        LogFold fold = LogFold.start(survey.lineage(), LIMITS);
        for (RunFact fact : facts) {
            if (fact instanceof RunFact.IncarnationBegan began) {
                fold = fold.beginning(began.incarnation(), LIMITS);
                continue;
            }
            LogFold.Next next = fold.after(fact);
            fold = next.fold();
            for (Recorded recorded : next.made()) {
                if (recorded instanceof Recorded.Step step) {
                    steps.add(step);
                }
            }
        }
        fold.end();
        assertThat(survey.last().number()).isEqualTo(steps.size());
        return steps;
    }

    private static List<String> samples(Recorded.Step step) {
        return step.groups().stream()
                .flatMap(group -> group.samples().stream())
                .map(sample -> sample.rollout().text())
                .toList();
    }

    @Property
    void theStepsThatCountComeOnceInOrderWithTheirOwnSamplesInTheRecordedOrder(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int lives) throws IncompleteLogException {
        History history = new History(seed, lives);
        List<Recorded.Step> steps = folded(history.facts);
        Map<Long, List<String>> found = new TreeMap<>();
        steps.forEach(step -> found.put(step.version().number(), samples(step)));
        assertThat(found).isEqualTo(history.steps);
        assertThat(steps.stream().map(step -> step.version().number()))
                .isEqualTo(history.steps.keySet().stream().toList());
    }

    @Property
    void aSampleThatIsMissingIsNamed(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int lives) {
        History history = new History(seed, lives);
        if (history.steps.isEmpty()) {
            return;
        }
        String lost = history.steps.lastEntry().getValue().get(1);
        List<RunFact> facts = history.facts.stream()
                .filter(fact -> !(fact instanceof RunFact.TrajectoryTaken taken
                        && taken.trajectory().rollout().text().equals(lost)))
                .toList();
        assertThatThrownBy(() -> folded(facts))
                .isInstanceOf(IncompleteLogException.class)
                .hasMessageContaining("step to v" + history.steps.lastKey())
                .hasMessageContaining("sample " + lost.replaceAll(".*/(\\d) .*", "$1") + " of "
                        + lost.substring(0, lost.indexOf('/')));
    }

    @Property
    void aStepThatIsMissingIsNamed(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int lives) {
        History history = new History(seed, lives);
        if (history.steps.size() < 2) {
            return;
        }
        long lost = history.steps.lastKey() - 1;
        List<RunFact> facts = history.facts.stream()
                .filter(fact -> !(fact instanceof RunFact.StepFinished step
                        && step.version().number() == lost))
                .toList();
        assertThatThrownBy(() -> folded(facts))
                .isInstanceOf(IncompleteLogException.class)
                .hasMessageContaining("the log lacks the step to v" + lost);
    }

    /// However long the log is.
    @Property(tries = 20)
    void neverHoldsMoreThanTheOpenLeases(@ForAll long seed) throws IncompleteLogException {
        History history = new History(seed, 1);
        for (int i = 0; i < 200; i++) {
            history.step(false);
        }
        LogFold fold =
                LogFold.start(Survey.EMPTY.after(history.facts.getFirst()).lineage(), LIMITS);
        for (RunFact fact : history.facts) {
            fold = fact instanceof RunFact.IncarnationBegan began
                    ? fold.beginning(began.incarnation(), LIMITS)
                    : fold.after(fact).fold();
            assertThat(fold.buffer().open()).hasSizeLessThanOrEqualTo(4 * GROUPS);
            assertThat(fold.waiting()).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Property
    void aGroupIsWhole(@ForAll long seed) throws IncompleteLogException {
        assertThat(folded(new History(seed, 2).facts))
                .allSatisfy(step -> assertThat(step.groups())
                        .hasSize(GROUPS)
                        .extracting(Group::samples)
                        .allSatisfy(samples -> assertThat(samples).hasSize(GROUP_SIZE)));
    }
}
