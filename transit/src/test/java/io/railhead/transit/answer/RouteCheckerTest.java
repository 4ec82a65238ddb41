package io.railhead.transit.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The verdicts were taken from runs of the published scoring code on the whole network of Singapore.
class RouteCheckerTest {
    private static final String FIRST =
            "Route Name: Downtown Line\nDeparture Stop: Promenade Station\nArrival Stop: Little India Station\n";
    private static final String SECOND =
            "Route Name: North East Line\nDeparture Stop: Little India Station\nArrival Stop: Farrer Park Station\n";
    private static final AnswerKey KEY = AnswerKeys.route("Promenade Station", "Farrer Park Station", 1);

    private static boolean correct(String response) {
        return AnswerChecker.isCorrect(KEY, response);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--\n", "---\n", "----\n", "\n--\n"})
    void acceptsAnyRuleOfDashesBetweenSegments(String separator) {
        assertThat(correct(FIRST + separator + SECOND)).isTrue();
    }

    @Test
    void acceptsHarmlessVariantsOfARightRoute() {
        String right = FIRST + "--\n" + SECOND;
        assertThat(List.of(
                        right.replace(" Station\n", "\n"),
                        "Take these trains -- they are quick.\n" + right,
                        right + "--",
                        right.replace("\n", "\r\n"),
                        right.replace("Promenade", "PROMENADE"),
                        right.replace("Promenade Station", "Promenade Station (CC4/DT15)")))
                .allMatch(RouteCheckerTest::correct);
    }

    @Test
    void refusesRoutesInAnotherForm() {
        String right = FIRST + "--\n" + SECOND;
        assertThat(List.of(
                        "",
                        right.toLowerCase(Locale.ROOT),
                        right + "Have a good trip!",
                        right.stripTrailing() + ".",
                        "```\n" + right + "```",
                        right.replace(
                                "Arrival Stop: Little India Station",
                                "Arrival Stop: Little India Station\nNumber of Via Stops: 2"),
                        right.replace("Route Name:", "**Route Name:**"),
                        right.replace("Route Name: ", "Route Name:"),
                        FIRST + "-\n" + SECOND,
                        FIRST + "\n" + SECOND,
                        FIRST + "—\n" + SECOND))
                .noneMatch(RouteCheckerTest::correct);
    }

    @Test
    void refusesWrongRoutes() {
        String right = FIRST + "--\n" + SECOND;
        String oneRide = "Route Name: %s\nDeparture Stop: Promenade Station\nArrival Stop: Farrer Park Station";
        assertThat(List.of(
                        oneRide.formatted("Downtown Line"),
                        oneRide.formatted("North East Line"),
                        oneRide.formatted("Circle Line"),
                        right.replace("Little India", "Rochor"),
                        right.replace("Arrival Stop: Little India", "Arrival Stop: Rochor"),
                        right.replace("Farrer Park", "Clarke Quay"),
                        right.replace("Downtown Line", "Downtown line")))
                .noneMatch(RouteCheckerTest::correct);
    }

    @Test
    void acceptsDetours() {
        String detour = FIRST.replace("Little India", "Rochor")
                + "--\n"
                + FIRST.replace("Promenade", "Rochor")
                + "--\n"
                + SECOND;
        assertThat(correct(detour)).isTrue();
    }

    @Test
    void refusesARightSegmentRepeated() {
        AnswerKey key = AnswerKeys.route("Clarke Quay Station", "Farrer Park Station", 0);
        String ride =
                "Route Name: North East Line\nDeparture Stop: Clarke Quay Station\nArrival Stop: Farrer Park Station\n--\n";
        assertThat(AnswerChecker.isCorrect(key, ride)).isTrue();
        assertThat(AnswerChecker.isCorrect(key, ride.repeat(10))).isFalse();
    }

    @Test
    void namesTheFaultsOfEachSegment() {
        var unknown = new Ride("Circle Line", "Promenade", "Rochor", true);
        var off = new Ride("North East Line", "Bugis", "Farrer Park", true);
        assertThat(RouteChecker.check(KEY, List.of(unknown, off)))
                .isEqualTo(new RouteCheck(
                        true,
                        true,
                        true,
                        List.of(
                                new SegmentCheck(
                                        unknown,
                                        "Circle Line",
                                        Set.of(SegmentFault.NOT_JOINED, SegmentFault.UNKNOWN_LINE)),
                                new SegmentCheck(off, "North East Line", Set.of(SegmentFault.DEPARTURE_NOT_ON_LINE)))));
    }

    @Test
    void knowsTheTwoLinesOfBeijingThatArePartsOfOthers() {
        var lines = new LinkedHashMap<String, List<String>>();
        lines.put("Line 1", List.of("四惠站", "长沙火车南站站"));
        var key = new AnswerKey(KEY.type(), -1, "四惠站", "长沙火车南站站", KEY.mapDifficulty(), 0, lines);
        String response = "Route Name: %s\nDeparture Stop: 四惠\nArrival Stop: 长沙火车南站站";
        assertThat(AnswerChecker.isCorrect(key, response.formatted("八通线"))).isTrue();
        assertThat(AnswerChecker.isCorrect(key, response.formatted("1号线"))).isFalse();
    }
}
