package io.railhead.transit.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.transit.QuestionType;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The verdicts were taken from runs of the published scoring code.
class AnswerParserTest {
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
    void acceptsYes(String response) {
        assertThat(AnswerChecker.isCorrect(AnswerKeys.shortAnswer(QuestionType.TORF1, 1), response))
                .isTrue();
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
                "\\boxed{}",
                "",
                "no"
            })
    void refusesWhatIsNotYes(String response) {
        assertThat(AnswerChecker.isCorrect(AnswerKeys.shortAnswer(QuestionType.TORF1, 1), response))
                .isFalse();
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
                "\\boxed{\uFF13}",
                "3",
                "the answer is 3."
            })
    void acceptsThree(String response) {
        assertThat(AnswerChecker.isCorrect(AnswerKeys.shortAnswer(QuestionType.COUNTING2, 3), response))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\boxed{3.0}",
                "\\boxed{three}",
                "\\boxed{3 lines}",
                "\\boxed{\\text{3}}",
                "There are 3 lines.",
                "\\boxed{99999999999999999999}",
                "\\boxed{-3}"
            })
    void refusesWhatIsNotThree(String response) {
        assertThat(AnswerChecker.isCorrect(AnswerKeys.shortAnswer(QuestionType.COUNTING2, 3), response))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\boxed{B}", "\\boxed{b}", "\\boxed{B.}", "B", "B.", "the correct answer is B"})
    void acceptsOptionB(String response) {
        assertThat(AnswerChecker.isCorrect(AnswerKeys.shortAnswer(QuestionType.COUNTING1, 1), response))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\boxed{B)}",
                "\\boxed{B) 1}",
                "\\boxed{(B)}",
                "\\boxed{1}",
                "\\boxed{\\text{B}}",
                "Answer: B",
                "\\boxed{}",
                "\\boxed{BC}",
                "ab"
            })
    void refusesWhatIsNotOptionB(String response) {
        assertThat(AnswerChecker.isCorrect(AnswerKeys.shortAnswer(QuestionType.COUNTING1, 1), response))
                .isFalse();
    }

    /// Each flag is looked for with a small and then with a capital letter before the next one's turn.
    @Test
    void takesTheFlagsInTheirOrder() {
        assertThat(AnswerParser.shortAnswer("The final answer is no. Or the answer is yes")
                        .text())
                .isEqualTo("no");
        assertThat(AnswerParser.shortAnswer("the answer is no. The correct answer is yes")
                        .text())
                .isEqualTo("no");
        assertThat(AnswerParser.shortAnswer("the answer is\u00a0yes\u00a0").text())
                .isEqualTo("yes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1_0", "\u00a010\u00a0", "+010", "\uFF11\uD835\uDFCE", "10.", ": 10", "\\boxed{\\\\%10}"})
    void readsNumbersAsPythonDoes(String response) {
        assertThat(AnswerChecker.isCorrect(AnswerKeys.shortAnswer(QuestionType.COUNTING2, 10), response))
                .isTrue();
    }

    @Test
    void refusesWhatPythonRefusesOfNumbers() {
        for (String response : List.of("_10", "10_", "1__0", "+-10", "1,0", "0".repeat(4299) + "10", "４２９４９６７３０６")) {
            assertThat(AnswerChecker.isCorrect(AnswerKeys.shortAnswer(QuestionType.COUNTING2, 10), response))
                    .as(response)
                    .isFalse();
        }
        assertThat(AnswerChecker.isCorrect(AnswerKeys.shortAnswer(QuestionType.COUNTING2, 0), "\\boxed{.}"))
                .isTrue();
    }

    @Test
    void tellsWhetherTheAnswerWasBoxed() {
        assertThat(List.of("\\boxed{yes}", "yes", "\\boxed{yes", "\\boxed{}", "{} \\boxed{3}").stream()
                        .map(AnswerParser::shortAnswer)
                        .map(ShortAnswer::boxed)
                        .toList())
                .containsExactly(true, false, false, false, true);
    }

    /// Two million characters of what makes backtracking patterns quadratic.
    @Test
    void takesLinearTimeOnLongResponses() {
        for (String unit : List.of("oxed{", "}", "(", "the answer is ", "--", "Route Name: ", "{}", "=", "stat", ".")) {
            String response = unit.repeat(2_000_000 / unit.length());
            Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
                AnswerParser.shortAnswer(response);
                RouteParser.ridesInAnyCase(response);
                RouteChecker.check(
                        AnswerKeys.route("Bugis Station", "Rochor Station", 0),
                        "Route Name: \nDeparture Stop: \nArrival Stop:" + response);
            });
        }
    }
}
