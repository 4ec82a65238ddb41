package io.railhead.actors.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.RunFact.LeaseEnded.Outcome;
import io.railhead.policy.PolicyVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/// Against an account that looks through the whole list of facts again for each lease.
class DroppedWorkProperties {
    private static final int LEASES = 6;
    private static final String[] DIFFICULTIES = {"easy", "hard"};

    /// Leases issued, answered and ended in any order, issued anew, and lives that go back.
    @Provide
    Arbitrary<List<RunFact>> facts() {
        Arbitrary<Long> lease = Arbitraries.longs().between(0, LEASES - 1);
        Arbitrary<Integer> small = Arbitraries.integers().between(1, 5);
        Arbitrary<RunFact> issued = Combinators.combine(
                        lease, Arbitraries.integers().between(1, 2))
                .as((id, attempt) ->
                        new RunFact.LeaseIssued(new LeaseId(id), attempt, "s", prompt(id), PolicyVersion.BASE, "w"));
        Arbitrary<RunFact> sample = Combinators.combine(lease, small, small)
                .as((id, index, tokens) -> Facts.sample(id, index, prompt(id), difficulty(id), tokens, tokens > 3));
        Arbitrary<RunFact> ended = Combinators.combine(lease, Arbitraries.of(Outcome.class), small)
                .as((id, outcome, at) ->
                        new RunFact.LeaseEnded(new LeaseId(id), outcome, new PolicyVersion(at), "because"));
        Arbitrary<RunFact> life = small.map(from -> new RunFact.IncarnationBegan(
                new Incarnation(from), Incarnation.NONE, Optional.of(new PolicyVersion(from))));
        return Arbitraries.frequencyOf(Tuple.of(6, issued), Tuple.of(12, sample), Tuple.of(6, ended), Tuple.of(1, life))
                .list()
                .ofMaxSize(80);
    }

    private static String prompt(long lease) {
        return "prompt-" + lease;
    }

    private static String difficulty(long lease) {
        return DIFFICULTIES[(int) (lease % DIFFICULTIES.length)];
    }

    private record End(Outcome outcome, String difficulty, List<Integer> lengths, long correct) {}

    /// How a lease ended, if it did: looks at nothing but the facts about it, from its last first issue on.
    private static Optional<End> end(List<RunFact> facts, long id) {
        boolean open = false;
        boolean isEnded = false;
        long at = 0;
        Outcome outcome = Outcome.FAILED;
        SortedMap<Integer, RunFact.TrajectoryTaken> samples = new TreeMap<>();
        for (RunFact fact : facts) {
            if (fact instanceof RunFact.LeaseIssued issued && issued.lease().ordinal() == id) {
                if (!open || issued.attempt() == 1) {
                    samples.clear();
                }
                open = true;
                isEnded = false;
            } else if (fact instanceof RunFact.TrajectoryTaken taken
                    && taken.trajectory().rollout().lease().ordinal() == id
                    && (open || isEnded)) {
                samples.put(taken.trajectory().rollout().sampleIndex(), taken);
            } else if (fact instanceof RunFact.LeaseEnded end && end.lease().ordinal() == id && open) {
                open = false;
                isEnded = true;
                outcome = end.outcome();
                at = end.at().number();
            } else if (fact instanceof RunFact.IncarnationBegan began) {
                open = false;
                isEnded &= at <= began.from().orElseThrow().number();
            }
        }
        List<Integer> lengths = samples.values().stream()
                .map(taken -> taken.trajectory().rollout().response().size())
                .toList();
        long correct = samples.values().stream()
                .filter(taken -> taken.trajectory().score().correct())
                .count();
        return isEnded
                ? Optional.of(
                        new End(outcome, lengths.isEmpty() ? "asked-" + prompt(id) : difficulty(id), lengths, correct))
                : Optional.empty();
    }

    private static List<End> ends(List<RunFact> facts) {
        List<End> ends = new ArrayList<>();
        for (long id = 0; id < LEASES; id++) {
            end(facts, id).ifPresent(ends::add);
        }
        return ends;
    }

    private static DroppedWork counted(List<RunFact> facts) {
        LeaseHistory history = new LeaseHistory();
        facts.forEach(history::add);
        return DroppedWork.of(history.ended(), prompt -> "asked-" + prompt);
    }

    @Property
    void countsWhatALookThroughAllFactsFinds(@ForAll("facts") List<RunFact> facts) {
        List<End> ends = ends(facts);
        DroppedWork dropped = counted(facts);
        assertThat(dropped.leases()).isEqualTo(ends.size());
        for (Outcome outcome : Outcome.values()) {
            List<End> those =
                    ends.stream().filter(end -> end.outcome() == outcome).toList();
            List<Integer> lengths =
                    those.stream().flatMap(end -> end.lengths().stream()).toList();
            assertThat(dropped.parts().getOrDefault(outcome, DroppedWork.Part.NONE))
                    .isEqualTo(new DroppedWork.Part(
                            those.size(),
                            lengths.size(),
                            lengths.stream().mapToLong(Integer::longValue).sum(),
                            those.stream().mapToLong(End::correct).sum()));
        }
        assertThat(dropped.difficulties())
                .isEqualTo(ends.stream()
                        .collect(Collectors.groupingBy(
                                End::difficulty,
                                TreeMap::new,
                                Collectors.groupingBy(End::outcome, Collectors.counting()))));
    }

    @Property
    void everyResponseIsInTheFirstQuarterThatTakesIt(@ForAll("facts") List<RunFact> facts) {
        List<End> ends = ends(facts);
        List<DroppedWork.Quarter> quarters = counted(facts).quarters();
        int[] lengths = ends.stream()
                .flatMap(end -> end.lengths().stream())
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
        assertThat(quarters).hasSize(lengths.length == 0 ? 0 : 4);
        int shorter = 0;
        for (int i = 0; i < quarters.size(); i++) {
            int longest = quarters.get(i).longest();
            long upTo =
                    Arrays.stream(lengths).filter(length -> length <= longest).count();
            assertThat(upTo * 4).isGreaterThanOrEqualTo((i + 1L) * lengths.length);
            int bound = shorter;
            for (Outcome outcome : Outcome.values()) {
                assertThat(quarters.get(i).responses().getOrDefault(outcome, 0L))
                        .isEqualTo(ends.stream()
                                .filter(end -> end.outcome() == outcome)
                                .flatMap(end -> end.lengths().stream())
                                .filter(length -> length > bound && length <= longest)
                                .count());
            }
            shorter = longest;
        }
        assertThat(shorter).isEqualTo(lengths.length == 0 ? 0 : lengths[lengths.length - 1]);
    }

    @Property
    void theSharesOfAStepAddUpToOne(@ForAll("facts") List<RunFact> facts) {
        DroppedWork dropped = counted(facts);
        Map<String, Double> metrics = dropped.metrics();
        double sum = 0;
        for (String outcome : List.of("trained", "filtered", "stale", "failed")) {
            sum += metrics.getOrDefault("dropped/" + outcome + "-share", 0.0);
        }
        assertThat(sum).isCloseTo(dropped.leases() == 0 ? 0 : 1, within(1e-9));
        assertThat(metrics.values()).allMatch(Double::isFinite);
    }
}
