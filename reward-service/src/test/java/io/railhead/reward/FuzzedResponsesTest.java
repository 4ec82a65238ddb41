package io.railhead.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.railhead.actors.protocol.Score;
import io.railhead.transit.Difficulty;
import io.railhead.transit.QuestionType;
import io.railhead.transit.answer.AnswerKey;
import io.railhead.transit.answer.AnswerParser;
import io.railhead.transit.answer.ShortAnswer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Ten thousand responses of each type, made of what the parsers look for, of right answers damaged, and of long
/// reasoning. Another seed gives others.
class FuzzedResponsesTest {
    private static final int RESPONSES = 10_000;
    private static final long SEED = 4;

    private static final List<String> PIECES = List.of(
            "Route Name: ",
            "Route Name:",
            "route name:",
            "ROUTE NAME: ",
            "Departure Stop: ",
            "departure stop:",
            "Departure Stop:",
            "Arrival Stop: ",
            "Arrival Stop:",
            "arrival stop: ",
            "--",
            "---",
            "\n",
            "\r\n",
            " ",
            "\u00a0",
            "\u0085",
            "\t",
            "Downtown Line",
            "North East Line",
            "Promenade Station",
            "Little India",
            "Farrer Park Station",
            "(NE8)",
            "（换乘站）",
            "站",
            "长沙火车南站站",
            "八通线",
            "大兴",
            "Metro",
            "Univ.",
            "Tech",
            "road",
            "Asian Games Village",
            "*",
            ",",
            "'",
            "(",
            ")",
            "（",
            "）",
            "-",
            "\\boxed{",
            "\\BOXED{",
            "oxed{",
            "}",
            "{",
            "{}",
            "\\text{",
            "\\text",
            "\\approx",
            "\\",
            "\\\\",
            "$",
            "\\$",
            "\\%",
            "\\!",
            "=",
            "^\\circ",
            "^{\\circ}",
            "m^3",
            "{m}^3",
            "km",
            "{km}",
            "units",
            "{units}",
            "yes",
            "no",
            "Yes.",
            "NO",
            "a",
            "B",
            "c.",
            "3",
            "03",
            "３",
            "_",
            "+",
            "-3",
            "0",
            ".",
            ":",
            ". ",
            "the final answer is",
            "The answer is",
            "the answer is",
            "The correct answer is",
            "the answer should be",
            "answer ",
            "Stops: [",
            "]",
            "Σ",
            "ΑΣ",
            "İ",
            "K",
            "ſ",
            "\ud835\udfd1",
            "\ud83d",
            "\u0000",
            "The train goes on and the map shows a turn, so I ",
            "0000000000000000000000000000000000000000000",
            "..........................................");

    @ParameterizedTest
    @EnumSource
    void everyProfileScoresAsItsSlowTwinAndNeverThrows(QuestionType type) {
        RandomGenerator random = new SplittableRandom(SEED + type.wireName().hashCode());
        AnswerKey key = key(type);
        int right = 0;
        for (int i = 0; i < RESPONSES; i++) {
            String response = response(random, type);
            for (RewardProfile profile : RewardProfile.values()) {
                Grade grade = profile.function(RewardWeights.DEFAULT).grade(key, response);
                SlowScores.Verdict expected = SlowScores.of(profile, key, response);
                double detail = type == QuestionType.COUNTING1 ? grade.detail() : expected.detail();
                assertThat(grade.correct()).as("%s: %s", profile, response).isEqualTo(expected.correct());
                assertThat(grade.format().value())
                        .as("%s: %s", profile, response)
                        .isEqualTo(expected.format());
                assertThat(grade.detail()).as("%s: %s", profile, response).isEqualTo(detail, within(1e-12));
                assertThat(grade.reward())
                        .as("%s: %s", profile, response)
                        .isEqualTo(
                                expected.reward() + grade.weight() * 0.5 * (detail - expected.detail()), within(1e-9));
                Score score = grade.toScore();
                assertThat(score.reward())
                        .isEqualTo(
                                score.weight()
                                        * score.components().stream()
                                                .mapToDouble(Score.Component::value)
                                                .sum(),
                                within(1e-9));
                right += grade.correct() ? 1 : 0;
            }
            assertThat(AnswerParser.shortAnswer(response))
                    .as(response)
                    .isEqualTo(new ShortAnswer(
                            SlowAnswers.shown(SlowAnswers.shortAnswer(response)), SlowAnswers.boxed(response)));
        }
        assertThat(right).as("right ones among them").isBetween(RESPONSES / 50, 3 * RESPONSES);
    }

    private static AnswerKey key(QuestionType type) {
        return switch (type) {
            case PLANNING -> Singapore.oneTransfer();
            case TORF1, TORF2, COUNTING1 -> Singapore.shortAnswer(type, 1, Difficulty.HARD);
            case COUNTING2, COUNTING3 -> Singapore.shortAnswer(type, 3, Difficulty.MIDDLE);
        };
    }

    private static String response(RandomGenerator random, QuestionType type) {
        return switch (random.nextInt(4)) {
            case 0 -> pieces(random, 40);
            case 1 -> pieces(random, 4) + right(type) + pieces(random, 2);
            case 2 -> damaged(random, pieces(random, 2) + right(type));
            default ->
                "I look at the map, and there I follow the line. ".repeat(random.nextInt(8))
                        + pieces(random, 3)
                        + (random.nextBoolean() ? right(type) : "");
        };
    }

    private static String pieces(RandomGenerator random, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    private static String damaged(RandomGenerator random, String text) {
        StringBuilder damaged = new StringBuilder(text);
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(damaged.length() + 1);
            int end = Math.min(damaged.length(), at + random.nextInt(6));
            damaged.replace(at, end, random.nextBoolean() ? "" : PIECES.get(random.nextInt(PIECES.size())));
        }
        return damaged.toString();
    }

    private static String right(QuestionType type) {
        return switch (type) {
            case TORF1, TORF2 -> "\\boxed{yes}";
            case COUNTING1 -> "\\boxed{B}";
            case COUNTING2, COUNTING3 -> "\\boxed{3}";
            case PLANNING ->
                Singapore.route(
                        Singapore.segment("Downtown Line", "Promenade Station", "Little India Station"),
                        Singapore.segment("North East Line", "Little India Station", "Farrer Park Station"));
        };
    }
}
