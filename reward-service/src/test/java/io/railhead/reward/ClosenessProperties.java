package io.railhead.reward;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.transit.Difficulty;
import io.railhead.transit.QuestionType;
import io.railhead.transit.StationNames;
import io.railhead.transit.answer.AnswerKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// No answer that is strictly closer to being right scores lower, in profile `railhead`. Closer is: every fact that a
/// right answer needs is as true or truer, and one is truer.
class ClosenessProperties {
    private static final GradingFunction RAILHEAD = RewardProfile.RAILHEAD.function(RewardWeights.DEFAULT);
    private static final List<String> LINES = List.of("Downtown Line", "North East Line", "Circle Line", "Line 99");
    private static final List<String> STOPS =
            List.of("Promenade", "Little India", "Farrer Park", "Dhoby Ghaut", "Clarke Quay", "Bugis", "Nowhere");

    /// What is true of a route, each the more the better.
    private record Facts(List<Integer> values) {
        static Facts of(AnswerKey key, List<Ride> rides, boolean correct) {
            Ride first = rides.getFirst();
            Ride last = rides.getLast();
            boolean firstLine = on(first.line(), Objects.requireNonNull(key.station1()));
            boolean lastLine = on(last.line(), Objects.requireNonNull(key.station2()));
            var transfers = new TreeSet<Integer>();
            for (int i = 0; firstLine && i + 1 < rides.size() && transfer(rides, i); i++) {
                transfers.add(i);
            }
            for (int i = rides.size() - 2; lastLine && i >= 0 && transfer(rides, i); i--) {
                transfers.add(i);
            }
            int needed = key.questionTransferCount();
            return new Facts(List.of(
                    same(first.from(), Objects.requireNonNull(key.station1())) ? 1 : 0,
                    same(last.to(), Objects.requireNonNull(key.station2())) ? 1 : 0,
                    firstLine ? 1 : 0,
                    lastLine ? 1 : 0,
                    Math.min(needed, transfers.size()),
                    -Math.max(0, rides.size() - 1 - needed),
                    correct ? 1 : 0));
        }

        boolean atLeast(Facts other) {
            for (int i = 0; i < values.size(); i++) {
                if (values.get(i) < other.values.get(i)) {
                    return false;
                }
            }
            return true;
        }

        private static boolean transfer(List<Ride> rides, int index) {
            Ride before = rides.get(index);
            Ride after = rides.get(index + 1);
            return same(before.to(), after.from()) && on(before.line(), before.to()) && on(after.line(), after.from());
        }

        private static boolean on(String line, String stop) {
            return Singapore.LINES.getOrDefault(line, List.of()).stream().anyMatch(station -> same(station, stop));
        }

        private static boolean same(String one, String other) {
            return StationNames.key(one).equals(StationNames.key(other));
        }
    }

    private record Ride(String line, String from, String to) {}

    @Property(tries = 500)
    void aRouteWithMoreTrueFactsNeverScoresLower(@ForAll long seed, @ForAll @IntRange(max = 1) int transfers) {
        AnswerKey key = transfers == 0 ? Singapore.direct() : Singapore.oneTransfer();
        Random random = new Random(seed);
        List<Facts> facts = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            List<Ride> rides = rides(random, key);
            Grade grade = RAILHEAD.grade(
                    key,
                    Singapore.route(rides.stream()
                            .map(ride -> Singapore.segment(ride.line(), ride.from(), ride.to()))
                            .toArray(String[]::new)));
            facts.add(Facts.of(key, rides, grade.correct()));
            scores.add(grade.reward());
        }
        for (int one = 0; one < scores.size(); one++) {
            for (int other = 0; other < scores.size(); other++) {
                if (facts.get(one).atLeast(facts.get(other))) {
                    assertThat(scores.get(one) + 1e-12)
                            .as("%s against %s", facts.get(one), facts.get(other))
                            .isGreaterThanOrEqualTo(scores.get(other));
                }
            }
        }
    }

    @Property(tries = 500)
    void aListOfStopsWithOneMoreRightOrOneLessWrongNeverScoresLower(@ForAll long seed) {
        Random random = new Random(seed);
        var lines = new LinkedHashMap<String, List<String>>();
        lines.put("L", List.of("A", "B", "C", "D", "E", "F"));
        AnswerKey key = new AnswerKey(QuestionType.COUNTING1, 2, "A", "F", Difficulty.MIDDLE, 0, lines);
        List<String> stops = new ArrayList<>();
        for (int i = random.nextInt(7); i > 0; i--) {
            stops.add(String.valueOf("ABCDEFXY".charAt(random.nextInt(8))));
        }
        List<String> better = new ArrayList<>(stops);
        List<String> missing = List.of("B", "C", "D", "E").stream()
                .filter(stop -> !stops.contains(stop))
                .toList();
        if (!missing.isEmpty() && random.nextBoolean()) {
            better.add(missing.get(random.nextInt(missing.size())));
        } else {
            better.removeIf(stop -> !"BCDE".contains(stop));
        }
        assertThat(score(key, better)).isGreaterThanOrEqualTo(score(key, stops));
        assertThat(RAILHEAD.grade(key, "Stops: [B, C, D, E] \\boxed{A}").reward())
                .as("wrong with the whole detail")
                .isLessThan(RAILHEAD.grade(key, "c").reward());
    }

    private static double score(AnswerKey key, List<String> stops) {
        return RAILHEAD.grade(key, "Stops: [" + String.join(", ", stops) + "] \\boxed{C}")
                .reward();
    }

    /// Mostly of the stops that matter, so that many answers are nearly right.
    private static List<Ride> rides(Random random, AnswerKey key) {
        List<Ride> rides = new ArrayList<>();
        String at = random.nextInt(4) > 0 ? Objects.requireNonNull(key.station1()) : stop(random);
        int length = 1 + random.nextInt(4);
        for (int i = 0; i < length; i++) {
            boolean last = i + 1 == length;
            String to = last && random.nextInt(4) > 0 ? Objects.requireNonNull(key.station2()) : stop(random);
            rides.add(new Ride(LINES.get(random.nextInt(LINES.size())), at, to));
            at = random.nextInt(4) > 0 ? to : stop(random);
        }
        return rides;
    }

    private static String stop(Random random) {
        return STOPS.get(random.nextInt(STOPS.size()));
    }
}
