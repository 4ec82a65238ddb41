package io.railhead.transit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuestionGeneratorTest {
    private static TransitNetwork network(String... lines) {
        var map = new LinkedHashMap<String, List<String>>();
        for (String line : lines) {
            map.put("Line " + (map.size() + 1), List.of(line.split("")));
        }
        return new TransitNetwork("town", map);
    }

    private static QuestionGenerator generator(TransitNetwork network) {
        return new QuestionGenerator(network, Difficulty.MIDDLE, "town", 7);
    }

    @Test
    void asksAllThatCanBeAskedOfOneLineOnce() {
        QuestionGenerator generator = generator(network("AB"));
        assertThat(generator.questions(QuestionType.COUNTING3, 5))
                .containsExactly(new Question(
                        "town/Counting3-0",
                        QuestionType.COUNTING3,
                        "town",
                        Difficulty.MIDDLE,
                        null,
                        null,
                        null,
                        1,
                        0,
                        "Please solve the problem and put your answer in one \"\\boxed{}\". According to the subway map, "
                                + "how many subway (metro) lines are there in total?",
                        List.of()));
        assertThat(generator.questions(QuestionType.COUNTING2, 5)).hasSize(2);
        assertThat(generator.questions(QuestionType.COUNTING1, 5)).hasSize(1);
        assertThat(generator.questions(QuestionType.PLANNING, 5)).hasSize(2);
    }

    @Test
    void yesAndNoAreBalancedEvenWhereOneOfThemCannotBeAsked() {
        assertThat(generator(network("ABCDE")).questions(QuestionType.TORF1, 10))
                .hasSizeLessThanOrEqualTo(1);
        for (QuestionType type : List.of(QuestionType.TORF1, QuestionType.TORF2)) {
            List<Question> questions =
                    generator(network("ABCDE", "FGCHI", "JKBLM")).questions(type, 10);
            assertThat(questions).hasSize(10);
            assertThat(questions.stream().mapToInt(Question::answer).sum()).isEqualTo(5);
        }
    }

    @Test
    void optionsAreFourDistinctNumbersAndTheAnswerIsTheRightOne() {
        for (Question question : generator(network("ABCDEFGH", "XCY")).questions(QuestionType.COUNTING1, 20)) {
            List<Integer> options = question.text()
                    .lines()
                    .filter(line -> line.matches("[A-D]\\) \\d+ "))
                    .map(line -> Integer.parseInt(line.substring(3).strip()))
                    .toList();
            String line = "ABCDEFGH".contains(String.valueOf(question.station1()))
                            && "ABCDEFGH".contains(String.valueOf(question.station2()))
                    ? "ABCDEFGH"
                    : "XCY";
            int between = Math.abs(line.indexOf(String.valueOf(question.station1()))
                            - line.indexOf(String.valueOf(question.station2())))
                    - 1;
            assertThat(new LinkedHashSet<>(options)).hasSize(4);
            assertThat(options.get(question.answer())).isEqualTo(between);
        }
    }

    @Test
    void planningQuestionsHaveTheTransfersAskedFor() {
        QuestionGenerator generator = generator(network("ABC", "CDE", "EFG"));
        for (int transfers = 0; transfers <= 2; transfers++) {
            int wanted = transfers;
            assertThat(generator.planningQuestions(transfers, 4))
                    .hasSize(4)
                    .allMatch(question -> question.questionTransferCount() == wanted)
                    .allMatch(question -> question.routes().size() == 1);
        }
        assertThat(generator.planningQuestions(3, 4)).isEmpty();
        assertThat(generator.questions(QuestionType.PLANNING, 24))
                .extracting(Question::questionTransferCount)
                .contains(0, 1, 2);
    }

    @Test
    void questionsOfATypeDoNotDependOnTheOthers() {
        TransitNetwork network = network("ABCDE", "FGCHI", "JKBLM");
        QuestionGenerator used = generator(network);
        used.questions(QuestionType.COUNTING1, 5);
        for (QuestionType type : QuestionType.values()) {
            assertThat(used.questions(type, 5)).isEqualTo(generator(network).questions(type, 5));
        }
    }

    @Test
    void questionsAreWordedAsPublished() {
        assertThat(QuestionTexts.sameLine("A Station", "B Station"))
                .isEqualTo("Please solve the problem and put your answer (only answer yes or no) in one \"\\boxed{}\". "
                        + "According to the subway map, is it true that A Station is the same line as B Station?");
        assertThat(List.of("Line 7", "房山线", "Azul", "1").stream()
                        .map(line -> QuestionTexts.onLine("A", line))
                        .map(text -> text.substring(text.indexOf("A is")))
                        .toList())
                .containsExactly(
                        "A is on the Line 7?", "A is on the 房山线?", "A is on the line Azul?", "A is on the line 1?");
        assertThat(QuestionTexts.linesThrough("A")).endsWith("map, how many lines pass through A?");
        assertThat(QuestionTexts.stopsBetween("A", "B", List.of(8, 0, 11, 7)))
                .isEqualTo("Please solve the multiple choice problem and put your answer (one of ABCD) in one "
                        + "\"\\boxed{}\". According to the subway map, how many intermediate stops are there between A "
                        + "and B (except for this two stops)? \nA) 8 \nB) 0 \nC) 11 \nD) 7 \n");
        assertThat(QuestionTexts.planning("A", "B")).isEqualTo("""
                        According to the subway map, how do I get from A to B? Provide only one optimal route, with \
                        only the line name and the departure and arrival stations. The format should be strictly \
                        followed:
                        Route Name: Line x
                        Departure Stop: xx Station
                        Arrival Stop: xx Station
                        --
                        Route Name: Line x
                        Departure Stop: xx Station
                        Arrival Stop: xx Station""");
    }

    @Test
    void longFormsAskForMoreAndTheReferenceTellsIt() {
        Question shortForm = generator(network("ABCDE")).planningQuestions(0, 20).stream()
                .filter(question -> question.routes().getFirst().stops() == 3)
                .findFirst()
                .orElseThrow();
        Question count = shortForm.inForm(PlanningForm.VIA_COUNT);
        Question stops = shortForm.inForm(PlanningForm.VIA_STOPS);
        assertThat(List.of(shortForm, count, stops))
                .extracting(question -> PlanningForm.of(question.text()))
                .containsExactly(PlanningForm.values());
        assertThat(count.text()).endsWith("""
                        ? Provide only one optimal route, and include the number of via stops for each route section \
                        (excluding the departure and arrival stops). The format should be strictly followed:
                        Route Name: Line x
                        Departure Stop: xx Station
                        Arrival Stop: xx Station
                        Number of Via Stops: x
                        --
                        Route Name: Line x
                        Departure Stop: xx Station
                        Arrival Stop: xx Station
                        Number of Via Stops: x""");
        assertThat(stops.text()).contains("including all the via stops.").endsWith("Via Stops: xx Station, xx Station");
        assertThat(count.referenceResponse()).endsWith("Number of Via Stops: 2");
        assertThat(stops.referenceResponse()).containsPattern("Via Stops: [BCD], [BCD]$");
        assertThat(stops.id()).isEqualTo(shortForm.id() + "-via-stops");
    }
}
