package io.railhead.transit.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.transit.Difficulty;
import io.railhead.transit.Question;
import io.railhead.transit.QuestionGenerator;
import io.railhead.transit.QuestionType;
import io.railhead.transit.map.GeneratedMap;
import io.railhead.transit.map.MapGenerator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AnswerProperties {
    private static final List<String> PIECES = List.of(
            "\\boxed{",
            "oxed{",
            "}",
            "{",
            "{}",
            "yes",
            "no",
            "3",
            ".",
            ":",
            "=",
            "$",
            "\\text",
            " ",
            "\n",
            "\r",
            "--",
            "Route Name: ",
            "Departure Stop: ",
            "Arrival Stop: ",
            "Arrival Stop:",
            "the answer is",
            "The answer is",
            "Station",
            "站",
            "(",
            ")",
            "（",
            "）",
            "A",
            "Line 1",
            "\uD800",
            "\u0000",
            "İ");

    @Provide
    Arbitrary<String> responses() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(60),
                Arbitraries.of(PIECES).list().ofMaxSize(40).map(pieces -> String.join("", pieces)));
    }

    @Property
    void noResponseMakesTheParserThrow(@ForAll("responses") String response) {
        for (QuestionType type : QuestionType.values()) {
            AnswerKey key = type == QuestionType.PLANNING
                    ? AnswerKeys.route("Promenade Station", "Farrer Park Station", 1)
                    : AnswerKeys.shortAnswer(type, 1);
            AnswerChecker.isCorrect(key, response);
        }
        RouteChecker.check(
                AnswerKeys.route("Bugis Station", "Rochor Station", 0), RouteParser.ridesInAnyCase(response));
    }

    @Property(tries = 60)
    void referenceResponsesAreCorrectAndOthersAreNot(@ForAll long seed, @ForAll Difficulty difficulty) {
        GeneratedMap map = MapGenerator.generate(seed, difficulty);
        var generator = new QuestionGenerator(map.network(), difficulty, "map", seed);
        for (QuestionType type : QuestionType.values()) {
            List<Question> questions = generator.questions(type, 6);
            assertThat(questions).isNotEmpty();
            Set<String> responses =
                    questions.stream().map(Question::referenceResponse).collect(Collectors.toSet());
            for (Question question : questions) {
                AnswerKey key =
                        AnswerKey.fromJson(AnswerKey.of(question, map.network()).toJson());
                assertThat(responses.stream().filter(response -> AnswerChecker.isCorrect(key, response)))
                        .contains(question.referenceResponse())
                        .allMatch(right -> type == QuestionType.PLANNING || right.equals(question.referenceResponse()));
            }
        }
    }

    @Property(tries = 60)
    void keysSurviveTheirJson(@ForAll long seed, @ForAll Difficulty difficulty) {
        GeneratedMap map = MapGenerator.generate(seed, difficulty);
        var generator = new QuestionGenerator(map.network(), difficulty, "map", seed);
        for (QuestionType type : QuestionType.values()) {
            for (Question question : generator.questions(type, 2)) {
                AnswerKey key = AnswerKey.of(question, map.network());
                assertThat(AnswerKey.fromJson(key.toJson())).isEqualTo(key);
                assertThat(key.toJson()).doesNotContain("\n");
            }
        }
    }
}
