package io.railhead.reward;

import static io.railhead.reward.Singapore.route;
import static io.railhead.reward.Singapore.segment;
import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.transit.Difficulty;
import io.railhead.transit.QuestionType;
import io.railhead.transit.answer.AnswerKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Scores measured with the published scorer.
class ReferenceRewardTest {
    private static final String FIRST = segment("Downtown Line", "Promenade Station", "Little India Station");
    private static final String SECOND = segment("North East Line", "Little India Station", "Farrer Park Station");

    private final GradingFunction reward = RewardProfile.REFERENCE.function(RewardWeights.DEFAULT);

    @ParameterizedTest
    @CsvSource({
        "0, EASY, 1, 10.5", "0, MIDDLE, 1, 12.6", "0, HARD, 1, 15.75",
        "1, EASY, 4, 18.0", "1, MIDDLE, 4, 20.4", "1, HARD, 4, 24.0",
        "2, EASY, 8, 21.0", "2, MIDDLE, 8, 23.8", "2, HARD, 8, 28.0",
        "3, EASY, 10, 22.5", "3, MIDDLE, 10, 25.5", "3, HARD, 10, 30.0"
    })
    void scoresRightRoutesByTransfersAndDifficulty(int transfers, Difficulty difficulty, double detail, double score) {
        SequencedMap<String, List<String>> lines = new LinkedHashMap<>();
        String[] segments = new String[transfers + 1];
        for (int i = 0; i <= transfers; i++) {
            lines.put("Line " + i, List.of("Stop " + i, "Stop " + (i + 1)));
            segments[i] = segment("Line " + i, "Stop " + i, "Stop " + (i + 1));
        }
        AnswerKey key = new AnswerKey(
                QuestionType.PLANNING, -1, "Stop 0", "Stop " + (transfers + 1), difficulty, transfers, lines);

        expect(key, route(segments), true, detail, score);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\boxed{Yes}",
                "\\boxed{yes.}",
                "\\boxed{ yes }",
                "boxed{yes}",
                "$\\boxed{yes}$",
                "yes",
                "Yes.",
                "The answer is yes.",
                "Reasoning. The answer is: yes",
                "\\boxed{no} ... \\boxed{yes}",
                "\\boxed{yes} and so {x}",
                "\\boxed{x=yes}"
            })
    void paysTenForYes(String response) {
        expect(Singapore.shortAnswer(QuestionType.TORF1, 1, Difficulty.EASY), response, true, 0, 10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\boxed{\\text{yes}}",
                "**Yes**",
                "\\boxed{\"yes\"}",
                "\\boxed{true}",
                "\\boxed{1}",
                "\\boxed{yes, because}",
                "\\boxed{}"
            })
    void paysNothingForOtherFormsOfYes(String response) {
        expect(Singapore.shortAnswer(QuestionType.TORF1, 1, Difficulty.EASY), response, false, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\boxed{3}",
                "\\boxed{ 3 }",
                "\\boxed{03}",
                "\\boxed{+3}",
                "\\boxed{3km}",
                "\\boxed{1+2=3}",
                "\\boxed{３}",
                "3",
                "the answer is 3."
            })
    void paysTwelveForThreeOnAMiddleMap(String response) {
        expect(Singapore.shortAnswer(QuestionType.COUNTING2, 3, Difficulty.MIDDLE), response, true, 0, 12);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\\boxed{3.0}", "\\boxed{three}", "\\boxed{3 lines}", "\\boxed{\\text{3}}", "There are 3 lines."
            })
    void paysNothingForOtherFormsOfThree(String response) {
        expect(Singapore.shortAnswer(QuestionType.COUNTING2, 3, Difficulty.MIDDLE), response, false, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\boxed{B}", "\\boxed{b}", "\\boxed{B.}", "B", "B.", "the correct answer is B"})
    void paysFifteenForTheSecondOptionOnAHardMap(String response) {
        expect(Singapore.shortAnswer(QuestionType.COUNTING1, 1, Difficulty.HARD), response, true, 0, 15);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\\boxed{B)}", "\\boxed{B) 1}", "\\boxed{(B)}", "\\boxed{1}", "\\boxed{\\text{B}}", "Answer: B"})
    void paysNothingForOtherFormsOfTheSecondOption(String response) {
        expect(Singapore.shortAnswer(QuestionType.COUNTING1, 1, Difficulty.HARD), response, false, 0, 0);
    }

    @Test
    void takesRightRoutesInSeveralForms() {
        List<String> forms = List.of(
                route(FIRST, SECOND),
                route(FIRST, SECOND).replace(" Station", ""),
                "The best way -- I think -- is this:\n--\n" + route(FIRST, SECOND),
                FIRST + "\n---\n" + SECOND,
                FIRST + "\n----\n" + SECOND + "\n--",
                route(FIRST, SECOND).replace("\n", "\r\n"),
                route(FIRST, SECOND).replace("Little India", "LITTLE INDIA"),
                route(FIRST, SECOND).replace("Promenade", "Promenade (CC4/DT15)"));

        assertThat(forms).allSatisfy(form -> expect(Singapore.oneTransfer(), form, true, 4, 24));
    }

    @Test
    void paysNothingForWrongForms() {
        List<String> forms = List.of(
                "",
                route(FIRST, SECOND)
                        .replace("Route Name", "route name")
                        .replace("Departure Stop", "departure stop")
                        .replace("Arrival Stop", "arrival stop"),
                route(FIRST, SECOND) + "\nHave a good trip.",
                route(FIRST, SECOND) + ".",
                "```\n" + route(FIRST, SECOND) + "\n```",
                route(FIRST + "\nNumber of Via Stops: 2", SECOND + "\nNumber of Via Stops: 0"),
                route(FIRST, segment("North East Line", "Little India Station", "Clarke Quay Station")));

        assertThat(forms).allSatisfy(form -> expect(Singapore.oneTransfer(), form, false, 0, 0));
    }

    @Test
    void keepsTheOdditiesOfTheDetailReward() {
        AnswerKey key = Singapore.oneTransfer();
        expect(key, route(FIRST, SECOND).replace("Route Name:", "**Route Name:**"), false, -3, -3);
        expect(key, route(FIRST, SECOND).replace("Route Name: ", "Route Name:"), false, -3, -3);
        expect(key, FIRST + "\n-\n" + SECOND, false, 5, 5);
        expect(key, FIRST + "\n\n" + SECOND, false, 5, 5);
        expect(key, FIRST + "\n—\n" + SECOND, false, 5, 5);
        expect(key, segment("Circle Line", "Promenade Station", "Farrer Park Station"), false, 5, 5);
        expect(key, segment("Line 99", "Promenade Station", "Farrer Park Station"), false, 2, 2);
        expect(
                key,
                route(
                        segment("Downtown Line", "Promenade Station", "Bras Basah Station"),
                        segment("North East Line", "Bras Basah Station", "Farrer Park Station")),
                false,
                3,
                3);
        expect(key, route(FIRST, SECOND).replace("Arrival Stop: Little India", "Arrival Stop: Bugis"), false, 3, 3);
        expect(
                key,
                route(
                        segment("Circle Line", "Promenade Station", "Dhoby Ghaut Station"),
                        segment("North East Line", "Dhoby Ghaut Station", "Little India Station"),
                        segment("North East Line", "Little India Station", "Farrer Park Station")),
                true,
                2,
                22);
    }

    @Test
    void keepsTheOdditiesWithoutATransfer() {
        AnswerKey key = Singapore.direct();
        String right = segment("North East Line", "Clarke Quay Station", "Farrer Park Station");
        expect(key, right, true, 1, 15.75);
        expect(key, right.replace("North East", "Circle"), false, -3, -2.25);
        expect(key, right.replace("North East Line", "Line 99"), false, -3, -2.25);
        expect(
                key,
                route(
                        segment("North East Line", "Clarke Quay Station", "Dhoby Ghaut Station"),
                        segment("North East Line", "Dhoby Ghaut Station", "Farrer Park Station")),
                true,
                0,
                15);
        expect(key, route(IntStream.range(0, 10).mapToObj(i -> right).toArray(String[]::new)), false, -8, -6);
    }

    @Test
    void acceptsBatongAsLineOne() {
        SequencedMap<String, List<String>> lines = new LinkedHashMap<>();
        lines.put("Line 1", List.of("四惠站", "通州北苑站"));
        AnswerKey key = new AnswerKey(QuestionType.PLANNING, -1, "四惠站", "通州北苑站", Difficulty.HARD, 0, lines);

        expect(key, segment("八通线", "四惠", "通州北苑"), true, 1, 15.75);
        expect(key, segment("1号线", "四惠", "通州北苑"), false, -3, -2.25);
    }

    private void expect(AnswerKey key, String response, boolean correct, double detail, double score) {
        Grade grade = reward.grade(key, response);
        assertThat(List.of(grade.correct(), grade.detail(), grade.reward()))
                .as(response)
                .isEqualTo(List.of(correct, detail, score));
    }
}
