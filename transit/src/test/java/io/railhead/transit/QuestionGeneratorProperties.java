package io.railhead.transit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class QuestionGeneratorProperties {
    private static final int PER_TYPE = 6;

    @Provide
    Arbitrary<TransitNetwork> networks() {
        return UntidyNetworks.any();
    }

    private static List<Question> questions(TransitNetwork network, QuestionType type, long seed) {
        return new QuestionGenerator(network, Difficulty.HARD, "town", seed).questions(type, PER_TYPE);
    }

    @Property(tries = 200)
    void yesIsAnsweredWhereItIsTrueAndNoWhereItIsNot(@ForAll("networks") TransitNetwork network, @ForAll long seed) {
        for (Question question : questions(network, QuestionType.TORF1, seed)) {
            boolean same = network.lines().values().stream()
                    .anyMatch(line -> line.contains(question.station1()) && line.contains(question.station2()));
            assertThat(question.answer()).isEqualTo(same ? 1 : 0);
        }
        for (Question question : questions(network, QuestionType.TORF2, seed)) {
            boolean on =
                    network.linesThrough(String.valueOf(question.station1())).contains(question.line());
            assertThat(question.answer()).isEqualTo(on ? 1 : 0);
        }
    }

    @Property(tries = 200)
    void theRightOptionIsTheNumberOfStopsByTheShorterWay(
            @ForAll("networks") TransitNetwork network, @ForAll long seed) {
        for (Question question : questions(network, QuestionType.COUNTING1, seed)) {
            List<Integer> options = question.text()
                    .lines()
                    .filter(line -> line.matches("[A-D]\\) \\d+ "))
                    .map(line -> Integer.parseInt(line.substring(3).strip()))
                    .toList();
            assertThat(options).hasSize(4).doesNotHaveDuplicates();
            int asked = options.get(question.answer());
            // on every line that has both, whatever the lists' order says
            network.lines().forEach((line, stations) -> {
                if (stations.contains(question.station1()) && stations.contains(question.station2())) {
                    String from = String.valueOf(question.station1());
                    assertThat(walk(network, line, from, String.valueOf(question.station2())) - 1)
                            .isEqualTo(asked);
                }
            });
        }
    }

    @Property(tries = 200)
    void numbersOfLinesAreCounted(@ForAll("networks") TransitNetwork network, @ForAll long seed) {
        for (Question question : questions(network, QuestionType.COUNTING2, seed)) {
            assertThat(question.answer()).isEqualTo((int) network.lines().values().stream()
                    .filter(line -> line.contains(question.station1()))
                    .count());
        }
        assertThat(questions(network, QuestionType.COUNTING3, seed))
                .singleElement()
                .extracting(Question::answer)
                .isEqualTo(network.lines().size());
    }

    @Property(tries = 200)
    void referenceRoutesCanBeRiddenAndNameTheStopsOnTheWay(
            @ForAll("networks") TransitNetwork network, @ForAll long seed) {
        for (Question question : questions(network, QuestionType.PLANNING, seed)) {
            for (Route route : question.routes()) {
                assertThat(route.transfers()).isEqualTo(question.questionTransferCount());
                assertThat(route.segments().getFirst().departure()).isEqualTo(question.station1());
                assertThat(route.segments().getLast().arrival()).isEqualTo(question.station2());
                for (RouteSegment ride : route.segments()) {
                    assertThat(ride.stops()).isEqualTo(walk(network, ride.line(), ride.departure(), ride.arrival()));
                    assertThat(ride.via()).hasSize(ride.stops() - 1);
                    var way = new ArrayList<>(List.of(ride.departure()));
                    way.addAll(ride.via());
                    way.add(ride.arrival());
                    for (int i = 1; i < way.size(); i++) {
                        assertThat(walk(network, ride.line(), way.get(i - 1), way.get(i)))
                                .isEqualTo(1);
                    }
                }
            }
        }
    }

    @Property(tries = 100)
    void noQuestionComesTwiceAndTheSameSeedGivesTheSame(@ForAll("networks") TransitNetwork network, @ForAll long seed) {
        for (QuestionType type : QuestionType.values()) {
            List<Question> questions = questions(network, type, seed);
            assertThat(questions).extracting(Question::text).doesNotHaveDuplicates();
            assertThat(questions(network, type, seed)).isEqualTo(questions);
        }
    }

    /// The slow twin: the length of the shortest walk along neighbours, found by walking one step further at a time.
    private static int walk(TransitNetwork network, String line, String from, String to) {
        List<String> stations = network.lines().getOrDefault(line, List.of());
        LineLayout layout = network.layouts().getOrDefault(line, LineLayout.PLAIN);
        boolean closed = stations.size() > 2 && stations.getFirst().equals(stations.getLast());
        int count = closed ? stations.size() - 1 : stations.size();
        var reached = new ArrayList<>(Collections.nCopies(count, false));
        for (int i = 0; i < count; i++) {
            reached.set(i, stations.get(i).equals(from));
        }
        for (int steps = 1; steps <= count; steps++) {
            var next = new ArrayList<>(reached);
            for (int a = 0; a < count; a++) {
                for (int b = 0; b < count; b++) {
                    if (reached.get(a) && areNeighbours(stations, layout, count, closed, a, b)) {
                        next.set(b, true);
                    }
                }
            }
            reached = next;
            for (int i = 0; i < count; i++) {
                if (reached.get(i) && stations.get(i).equals(to)) {
                    return steps;
                }
            }
        }
        throw new AssertionError("no way from " + from + " to " + to + " on " + line + " of " + network);
    }

    private static boolean areNeighbours(
            List<String> stations, LineLayout layout, int count, boolean closed, int a, int b) {
        int low = Math.min(a, b);
        int high = Math.max(a, b);
        boolean round = low == 0 && high == count - 1 && count > 2 && (closed || layout.loop());
        for (LineLayout.Branch branch : layout.branches()) {
            if (stations.indexOf(branch.first()) == high) {
                return stations.indexOf(branch.from()) == low || round;
            }
        }
        return high - low == 1 || round;
    }
}
