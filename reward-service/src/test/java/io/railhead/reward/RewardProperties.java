package io.railhead.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.railhead.actors.protocol.Score;
import io.railhead.transit.Difficulty;
import io.railhead.transit.QuestionType;
import io.railhead.transit.answer.AnswerKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/// What holds of every response. Networks are chains: line i meets line i + 1 at one station.
class RewardProperties {
    private static final int STOPS = 6; // of a line; the last is the first of the next line
    private static final GradingFunction RAILHEAD = RewardProfile.RAILHEAD.function(RewardWeights.DEFAULT);

    private record Ride(String line, String from, String to) {
        String text() {
            return Singapore.segment(line, from, to);
        }
    }

    @Property(tries = 1000)
    void aFieldMadeRightNeverLowersTheScore(@ForAll @IntRange(max = 4) int transfers, @ForAll long seed) {
        Random random = new Random(seed);
        AnswerKey key = chain(transfers);
        List<Ride> right = rightRoute(transfers);
        List<Ride> worse = new ArrayList<>();
        List<Ride> better = new ArrayList<>();
        int repaired = random.nextInt(3 * right.size());
        for (int i = 0; i < right.size(); i++) {
            Ride ride = right.get(i);
            // Wrong departures and wrong arrivals are drawn from different halves of a line, so that two wrong
            // stations never make another right transfer together.
            Ride wrong = new Ride(
                    random.nextBoolean() ? "Line 99" : "Line " + random.nextInt(transfers + 1),
                    random.nextBoolean() ? "Nowhere" : stop(random.nextInt(transfers + 1), 1),
                    random.nextBoolean() ? "Elsewhere" : stop(random.nextInt(transfers + 1), 2));
            boolean[] isWrong = {random.nextBoolean(), random.nextBoolean(), random.nextBoolean()};
            worse.add(mixed(ride, wrong, isWrong));
            if (repaired / 3 == i) {
                isWrong[repaired % 3] = false;
            }
            better.add(mixed(ride, wrong, isWrong));
        }

        assertThat(score(key, better)).isGreaterThanOrEqualTo(score(key, worse));
    }

    @Property(tries = 500)
    void theNextRightRideNeverLowersTheScore(@ForAll @IntRange(max = 4) int transfers) {
        AnswerKey key = chain(transfers);
        List<Ride> right = rightRoute(transfers);
        for (int taken = 0; taken < right.size(); taken++) {
            assertThat(score(key, right.subList(0, taken + 1)))
                    .isGreaterThanOrEqualTo(score(key, right.subList(0, taken)));
        }
    }

    @Property(tries = 500)
    void aRideTooManyNeverRaisesTheScore(
            @ForAll @IntRange(max = 3) int transfers, @ForAll @IntRange(min = 1, max = 5) int extra) {
        AnswerKey key = chain(transfers);
        List<Ride> longer = new ArrayList<>(rightRoute(transfers));
        double before = score(key, longer);
        for (int i = 0; i < extra; i++) {
            longer.add(new Ride("Line 0", stop(0, i), stop(0, i + 1)));
            double after = score(key, longer);
            assertThat(after).isLessThanOrEqualTo(before);
            before = after;
        }
    }

    @Property(tries = 1000)
    void aWrongAnswerNeverScoresAboveARightOne(
            @ForAll @IntRange(max = 3) int transfers, @ForAll long seed, @ForAll @IntRange(max = 8) int length) {
        Random random = new Random(seed);
        AnswerKey key = chain(transfers);
        List<Ride> rides = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            rides.add(new Ride(
                    "Line " + random.nextInt(transfers + 2),
                    stop(random.nextInt(transfers + 1), random.nextInt(STOPS)),
                    stop(random.nextInt(transfers + 1), random.nextInt(STOPS))));
        }
        Grade any = grade(key, rides);
        Grade detour = grade(key, detour(transfers, length));

        assertThat(detour.correct()).isTrue();
        if (any.correct()) {
            assertThat(any.reward()).isGreaterThanOrEqualTo(any.weight() * RailheadReward.CORRECTNESS);
        } else {
            assertThat(any.reward()).isLessThan(detour.reward());
        }
        assertThat(any.detail()).isBetween(0.0, 1.0 + 1e-12);
    }

    @Property(tries = 1000)
    void noResponseBreaksAScorer(@ForAll("responses") String response, @ForAll RewardProfile profile) {
        GradingFunction function = profile.function(RewardWeights.DEFAULT);
        for (QuestionType type : QuestionType.values()) {
            AnswerKey key =
                    type == QuestionType.PLANNING ? chain(2) : Singapore.shortAnswer(type, 1, Difficulty.MIDDLE);
            Score score = function.score(key, response);
            double sum = score.components().stream()
                    .mapToDouble(Score.Component::value)
                    .sum();
            assertThat(score.reward()).isEqualTo(score.weight() * sum, within(1e-9));
        }
    }

    @Provide
    Arbitrary<String> responses() {
        Arbitrary<String> fragments = Arbitraries.of(
                "Route Name: ",
                "route name:",
                "Departure Stop: ",
                "Arrival Stop: ",
                "Arrival Stop:",
                "--",
                "\n",
                "\r\n",
                "Line 0",
                "P0x0",
                "\\boxed{",
                "oxed{",
                "}",
                "{",
                "{}",
                "\\text{",
                "the answer is",
                "=",
                "站",
                "（",
                "）",
                "(",
                "１",
                "\u0000",
                "\ud83d");
        return Arbitraries.oneOf(fragments, fragments, Arbitraries.strings().ofMaxLength(5))
                .list()
                .ofMaxSize(60)
                .map(parts -> String.join("", parts));
    }

    private static AnswerKey chain(int transfers) {
        SequencedMap<String, List<String>> lines = new LinkedHashMap<>();
        for (int line = 0; line <= transfers; line++) {
            List<String> stops = new ArrayList<>();
            for (int stop = 0; stop < STOPS; stop++) {
                stops.add(stop(line, stop));
            }
            lines.put("Line " + line, stops);
        }
        return new AnswerKey(
                QuestionType.PLANNING, -1, stop(0, 3), stop(transfers, 4), Difficulty.MIDDLE, transfers, lines);
    }

    /// The last stop of a line is the first of the next one.
    private static String stop(int line, int stop) {
        return stop >= STOPS - 1 ? "P" + (line + 1) + "x0" : "P" + line + "x" + stop;
    }

    private static List<Ride> rightRoute(int transfers) {
        List<Ride> rides = new ArrayList<>();
        for (int line = 0; line <= transfers; line++) {
            rides.add(new Ride(
                    "Line " + line,
                    line == 0 ? stop(0, 3) : stop(line, 0),
                    line == transfers ? stop(line, 4) : stop(line + 1, 0)));
        }
        return rides;
    }

    /// A right route that first rides to and fro.
    private static List<Ride> detour(int transfers, int rides) {
        List<Ride> detour = new ArrayList<>();
        for (int i = 0; i < rides; i++) {
            detour.add(new Ride("Line 0", stop(0, 3), stop(0, 3)));
        }
        detour.addAll(rightRoute(transfers));
        return detour;
    }

    private static Ride mixed(Ride right, Ride wrong, boolean[] isWrong) {
        return new Ride(
                isWrong[0] ? wrong.line() : right.line(),
                isWrong[1] ? wrong.from() : right.from(),
                isWrong[2] ? wrong.to() : right.to());
    }

    private static Grade grade(AnswerKey key, List<Ride> rides) {
        return RAILHEAD.grade(
                key, Singapore.route(rides.stream().map(Ride::text).toArray(String[]::new)));
    }

    private static double score(AnswerKey key, List<Ride> rides) {
        return grade(key, rides).reward();
    }
}
