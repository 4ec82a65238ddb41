package io.railhead.transit.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.railhead.transit.Difficulty;
import io.railhead.transit.PlanningForm;
import io.railhead.transit.Question;
import io.railhead.transit.QuestionType;
import io.railhead.transit.Route;
import io.railhead.transit.RouteSegment;
import io.railhead.transit.answer.AnswerKey;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanningJudgeTest {
    private static final Route ENGLISH = new Route(List.of(
            new RouteSegment("Red Line", "Ash Station", "Cedar Station", 2, List.of("Birch Station")),
            new RouteSegment(
                    "Blue Line", "Cedar Station", "Fir Station", 3, List.of("Dogwood Station", "Elm Station"))));
    private static final Route CHINESE = new Route(List.of(
            new RouteSegment("地铁1号线(甲--丁)", "甲", "丙", 2, List.of("乙")),
            new RouteSegment("房山线", "丙", "戊", 2, List.of("丁"))));

    private static AnswerKey key(String from, String to, String... lines) {
        var network = new LinkedHashMap<String, List<String>>();
        for (String line : lines) {
            network.put(
                    line.substring(0, line.indexOf(':')),
                    List.of(line.substring(line.indexOf(':') + 1).split(",", -1)));
        }
        return new AnswerKey(QuestionType.PLANNING, Question.NO_ANSWER_NUMBER, from, to, Difficulty.EASY, 1, network);
    }

    private static AnswerKey english() {
        return key(
                "Ash Station",
                "Fir Station",
                "Red Line:Ash Station,Birch Station,Cedar Station",
                "Blue Line:Cedar Station,Dogwood Station,Elm Station,Fir Station");
    }

    private static AnswerKey chinese() {
        return key("甲站", "戊站", "Line 1:甲站,乙站,丙站,丁站", "房山线:丙站,丁站,戊站");
    }

    private static String score(AnswerKey key, PlanningForm form, Route route, EvaluationMode mode, String response) {
        PlanningVerdict verdict = new PlanningJudge(key, form, List.of(route), mode).judge(response);
        return (verdict.correct() ? "right " : "wrong ") + verdict.mapScore();
    }

    private static String english(PlanningForm form, EvaluationMode mode, String response) {
        return score(english(), form, ENGLISH, mode, response);
    }

    /// What the published code would be given in China: stops with 站, the network's line names.
    private static Route mapped() {
        return new Route(List.of(
                new RouteSegment("Line 1", "甲站", "丙站", 2, List.of("乙站")),
                new RouteSegment("房山线", "丙站", "戊站", 2, List.of("丁站"))));
    }

    @Test
    void aReferenceRouteEarnsAllThatItsFormCanAndAsMuchAgainForBeingRight() {
        // 1 for the ends, 4 for each ride; 8 for two right numbers; 10 for all stops by name
        assertThat(english(PlanningForm.SHORT, EvaluationMode.RAILHEAD, ENGLISH.text()))
                .isEqualTo("right 19.0");
        assertThat(english(PlanningForm.VIA_COUNT, EvaluationMode.RAILHEAD, ENGLISH.text(PlanningForm.VIA_COUNT)))
                .isEqualTo("right 37.0");
        // (10 + 3 stops named) / 2
        assertThat(english(PlanningForm.VIA_STOPS, EvaluationMode.RAILHEAD, ENGLISH.text(PlanningForm.VIA_STOPS)))
                .isEqualTo("right 35.5");
    }

    @Test
    void outsideChinaThePublishedCodeNeverSeesARightLineNorARightArrival() {
        assertThat(english(PlanningForm.SHORT, EvaluationMode.REFERENCE, ENGLISH.text()))
                .isEqualTo("right 13.0");
        // in the long form every field needs a line break behind it, so the last line must not be the arrival
        assertThat(english(PlanningForm.VIA_COUNT, EvaluationMode.REFERENCE, ENGLISH.text(PlanningForm.VIA_COUNT)))
                .isEqualTo("right 31.0");
        assertThat(english(PlanningForm.VIA_STOPS, EvaluationMode.REFERENCE, ENGLISH.text(PlanningForm.VIA_STOPS)))
                .isEqualTo("right 23.0");
    }

    @Test
    void chineseLinesAndStopsAreMappedToTheNetworks() {
        String answer = mapped().text();
        assertThat(score(chinese(), PlanningForm.SHORT, CHINESE, EvaluationMode.REFERENCE, answer))
                .isEqualTo("right 19.0");
        assertThat(score(chinese(), PlanningForm.SHORT, CHINESE, EvaluationMode.RAILHEAD, answer))
                .isEqualTo("right 19.0");
        // with the suffix, the published code compares the arrival with the departure
        assertThat(score(chinese(), PlanningForm.SHORT, mapped(), EvaluationMode.REFERENCE, answer))
                .isEqualTo("right 17.0");
        assertThat(score(chinese(), PlanningForm.SHORT, mapped(), EvaluationMode.RAILHEAD, answer))
                .isEqualTo("right 19.0");
    }

    @Test
    void viaStopsAreSplitAtCommasAloneInThePublishedCode() {
        var route = new Route(List.of(new RouteSegment("Line 1", "甲", "丁", 3, List.of("乙", "丙"))));
        var key = key("甲站", "丁站", "Line 1:甲站,乙站,丙站,丁站");
        String answer = "Route Name: Line 1\nDeparture Stop: 甲站\nArrival Stop: 丁站\nVia Stops: 乙站, 丙站";
        // 5 for the ride; hits 1, one of {乙站, 丙站, " 丙站"}: (10 / 3 + 1) / 2
        PlanningVerdict published =
                new PlanningJudge(key, PlanningForm.VIA_STOPS, List.of(route), EvaluationMode.REFERENCE).judge(answer);
        assertThat(published.mapScore()).isCloseTo(20 + 5 + (10 / 3.0 + 1) / 2, within(1e-9));
        assertThat(score(key, PlanningForm.VIA_STOPS, route, EvaluationMode.RAILHEAD, answer))
                .isEqualTo("right 31.0");
    }

    @Test
    void anErrorInTheNumberOfStopsIsTakenOfTheLargerOne() {
        String answer = ENGLISH.text(PlanningForm.VIA_COUNT).replace("Via Stops: 2", "Via Stops: 4");
        // 4 for the right one; 4 - 2/4*4 = 2, or by the published code 4 - 2/2*4 = 0
        assertThat(english(PlanningForm.VIA_COUNT, EvaluationMode.RAILHEAD, answer))
                .isEqualTo("right 35.0");
        assertThat(english(PlanningForm.VIA_COUNT, EvaluationMode.REFERENCE, answer))
                .isEqualTo("right 27.0");
    }

    @Test
    void nothingIsEarnedUnlessBothEndsAgree() {
        String answer = ENGLISH.text().replace("Fir Station", "Elm Station");
        for (EvaluationMode mode : EvaluationMode.values()) {
            assertThat(english(PlanningForm.SHORT, mode, answer)).isEqualTo("wrong 0.0");
            assertThat(english(PlanningForm.SHORT, mode, "I do not know.")).isEqualTo("wrong 0.0");
        }
    }

    @Test
    void thePublishedCodeTakesNamesWithoutTheirSuffixForOthers() {
        String answer = ENGLISH.text().replace(" Station", "");
        assertThat(english(PlanningForm.SHORT, EvaluationMode.RAILHEAD, answer)).isEqualTo("right 19.0");
        assertThat(english(PlanningForm.SHORT, EvaluationMode.REFERENCE, answer))
                .isEqualTo("wrong 0.0");
    }

    @Test
    void theBestOfSeveralReferenceRoutesCountsAndNoneEarnsNothing() {
        var other = new Route(List.of(new RouteSegment("Green Line", "Ash Station", "Fir Station", 9)));
        var two = new PlanningJudge(english(), PlanningForm.SHORT, List.of(other, ENGLISH), EvaluationMode.RAILHEAD);
        assertThat(two.judge(ENGLISH.text())).isEqualTo(new PlanningVerdict(true, 19));
        var none = new PlanningJudge(english(), PlanningForm.SHORT, List.of(), EvaluationMode.REFERENCE);
        assertThat(none.judge(ENGLISH.text())).isEqualTo(new PlanningVerdict(true, 0));
    }
}
