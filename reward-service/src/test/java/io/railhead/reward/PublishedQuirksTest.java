package io.railhead.reward;

import static io.railhead.reward.Singapore.route;
import static io.railhead.reward.Singapore.segment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.railhead.transit.Difficulty;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.QuestionType;
import io.railhead.transit.answer.AnswerKey;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/// The oddities Q1 to Q18 of the published scorer, by the numbers of `docs/scoring.md`: what profile `reference` keeps,
/// and what profile `railhead` makes of it.
class PublishedQuirksTest {
    private static final GradingFunction REFERENCE = RewardProfile.REFERENCE.function(RewardWeights.DEFAULT);
    private static final GradingFunction RAILHEAD = RewardProfile.RAILHEAD.function(RewardWeights.DEFAULT);
    private static final String FIRST = segment("Downtown Line", "Promenade Station", "Little India Station");
    private static final String SECOND = segment("North East Line", "Little India Station", "Farrer Park Station");
    private static final String DIRECT = segment("North East Line", "Clarke Quay Station", "Farrer Park Station");
    private static final AnswerKey YES = Singapore.shortAnswer(QuestionType.TORF1, 1, Difficulty.EASY);

    @Test
    void q1FormatAndCorrectnessAreOneTerm() {
        assertThat(reference(YES, "yes"))
                .isEqualTo(reference(YES, "\\boxed{yes}"))
                .isEqualTo(10);
        assertThat(RAILHEAD.grade(YES, "yes").reward())
                .isLessThan(RAILHEAD.grade(YES, "\\boxed{yes}").reward());
    }

    @Test
    void q2EveryRightRoutePaysOnePenalty() {
        assertThat(REFERENCE
                        .grade(Singapore.oneTransfer(), route(FIRST, SECOND))
                        .detail())
                .isEqualTo(2 + 3 + 3 + 1 - 5);
        assertThat(RAILHEAD.grade(Singapore.oneTransfer(), route(FIRST, SECOND)).detail())
                .isEqualTo(1, within(1e-12));
    }

    @Test
    void q3RepetitionHasNoFloor() {
        AnswerKey key = Singapore.direct();
        String repeated = String.join("\n--\n", Collections.nCopies(10, DIRECT));
        assertThat(REFERENCE.grade(key, repeated).detail()).isEqualTo(2 + 10 * (4 - 5));
        assertThat(reference(key, repeated)).isEqualTo(-6);
        assertThat(RAILHEAD.grade(key, repeated).detail()).isZero();
    }

    @Test
    void q4OneWrongEndTakesTheWholeDetail() {
        String wrongEnd = route(FIRST, SECOND.replace("Farrer Park", "Clarke Quay"));
        assertThat(reference(Singapore.oneTransfer(), wrongEnd)).isZero();
        assertThat(RAILHEAD.grade(Singapore.oneTransfer(), wrongEnd).detail()).isPositive();
    }

    @Test
    void q5AnyExistingLineNamePaysSoThatWrongAnswersOutscoreRightDetails() {
        AnswerKey key = Singapore.oneTransfer();
        String oneRide = segment("Circle Line", "Promenade Station", "Farrer Park Station");
        assertThat(REFERENCE.grade(key, oneRide).detail())
                .isEqualTo(5)
                .isGreaterThan(REFERENCE.grade(key, route(FIRST, SECOND)).detail());
        assertThat(RAILHEAD.grade(key, oneRide).detail())
                .isLessThan(RAILHEAD.grade(key, route(FIRST, SECOND)).detail());
    }

    @Test
    void q6TheRightLinePaysInEverySegment() {
        String twice = route(
                segment("North East Line", "Clarke Quay Station", "Dhoby Ghaut Station"),
                segment("North East Line", "Dhoby Ghaut Station", "Farrer Park Station"));
        assertThat(REFERENCE.grade(Singapore.direct(), twice).detail()).isEqualTo(2 + 2 * 4 - 2 * 5);
        assertThat(RAILHEAD.grade(Singapore.direct(), twice).detail()).isEqualTo(0.75, within(1e-12));
    }

    @Test
    void q7ShadowedLoopVariablesChangeNothing() {
        // The line before the right one in the file has neither stop: were its stations looked at, this would be wrong.
        assertThat(reference(Singapore.direct(), DIRECT)).isEqualTo(15.75);
    }

    @Test
    void q8LabelsCountInAnyCaseButTheirTextsDoNot() {
        String lower = FIRST.toLowerCase(Locale.ROOT) + "\n--\n" + SECOND.toLowerCase(Locale.ROOT);
        assertThat(reference(Singapore.oneTransfer(), lower)).isZero();
        // The first ride is a segment for detail only, with a start that cannot match.
        String mixed = FIRST.replace("Route Name:", "route name:") + "\n--\n" + SECOND;
        Grade grade = REFERENCE.grade(Singapore.oneTransfer(), mixed);
        assertThat(List.of(grade.correct(), grade.detail())).isEqualTo(List.of(false, 2.0 + 3 - 5));
    }

    @Test
    void q9NamesThatStillEndInStationAreUnsolvable() {
        String changsha = "{\"Line 2\":[\"长沙火车南站站\",\"光达站\"]}";
        String beijing = "{\"房山线\":[\"东管头南站 （换乘站）\",\"花乡东桥站\"]}";
        AnswerKey south = inline("长沙火车南站站", "光达站", changsha);
        AnswerKey east = inline("东管头南站 ", "花乡东桥站", beijing);
        String first = segment("Line 2", "长沙火车南站站", "光达站");
        String second = segment("房山线", "东管头南站 ", "花乡东桥站");

        assertThat(REFERENCE.grade(south, first).correct()).isFalse();
        assertThat(REFERENCE.grade(east, second).correct()).isFalse();
        assertThat(RAILHEAD.grade(south, first).correct()).isTrue();
        assertThat(RAILHEAD.grade(east, second).correct()).isTrue();
    }

    @Test
    void q10LineNamesAreComparedAsTheyStand() {
        for (String name : List.of("north East Line", "North East line", "North East Line (NE)", "NorthEastLine")) {
            assertThat(reference(Singapore.direct(), DIRECT.replace("North East Line", name)))
                    .as(name)
                    .isEqualTo(-2.25);
        }
        String batong = "{\"Line 1\":[\"四惠站\",\"通州北苑站\"],\"Line 4\":[\"西单站\",\"天宫院站\"]}";
        assertThat(reference(inline("四惠站", "通州北苑站", batong), segment("八通线", "四惠", "通州北苑")))
                .isEqualTo(15.75);
        assertThat(reference(inline("西单站", "天宫院站", batong), segment("大兴线", "西单", "天宫院")))
                .isEqualTo(15.75);
    }

    @Test
    void q11TextInTheBoxIsAlwaysWrong() {
        assertThat(reference(YES, "\\boxed{\\text{yes}}")).isZero();
        assertThat(reference(Singapore.shortAnswer(QuestionType.COUNTING2, 3, Difficulty.EASY), "\\boxed{\\text{3}}"))
                .isZero();
    }

    @Test
    void q12Counting1HasNoDetailReward() {
        AnswerKey key = between();
        assertThat(REFERENCE.grade(key, "Stops: [Rochor, Bugis]\n\\boxed{B}").details())
                .isEmpty();
        assertThat(RAILHEAD.grade(key, "Stops: [Rochor, Bugis]\n\\boxed{B}").detail())
                .isEqualTo(1);
        assertThat(RAILHEAD.grade(key, "Stops: [Rochor, Rochor, Bugis]\n\\boxed{B}")
                        .detail())
                .isEqualTo(0.5);
        assertThat(RAILHEAD.grade(key, "\\boxed{B}").detail()).isZero();
    }

    @Test
    void q13AListOfStopsDoesNotDisturbTheAnswer() {
        AnswerKey key = between();
        for (String stops : List.of("Stops: [A, B (x, y)]", "stops : [A, and B, ...].", "Stops: [never closed")) {
            assertThat(reference(key, stops + "\n\\boxed{B}")).as(stops).isEqualTo(10);
        }
    }

    @Test
    void q14TheBaselineRewardIsAMatterOfSettings() {
        GradingFunction baseline = RewardProfile.REFERENCE.function(new RewardWeights(0, 1, 1, 1, 0, 0));
        assertThat(baseline.grade(Singapore.oneTransfer(), route(FIRST, SECOND)).reward())
                .isEqualTo(10);
        assertThat(baseline.grade(Singapore.direct(), "").reward()).isZero();
    }

    @Test
    void q15UnknownDifficultiesTypesAndCountsAreRefusedWithTheData() {
        String good = "{\"type\":\"planning\",\"station_1\":\"A\",\"station_2\":\"B\",\"difficulty_city\":\"hard\","
                + "\"question_transfer_count\":0,\"stations\":{\"L\":[\"A\",\"B\"]}}";
        assertThat(AnswerKey.fromJson(good).questionTransferCount()).isZero();
        List.of(
                        good.replace("hard", "medium"),
                        good.replace("planning", "Planning"),
                        good.replace(":0,", ":-1,"),
                        good.replace(":0,", ":null,"))
                .forEach(bad -> assertThatThrownBy(() -> AnswerKey.fromJson(bad))
                        .as(bad)
                        .isInstanceOf(InvalidDataException.class));
    }

    @Test
    void q16OnlyTheExactTypeIsAPlanningQuestion() {
        for (String type : List.of("planning2", "Planning", "route_planning", "torf1", "Counting")) {
            assertThatThrownBy(() -> QuestionType.ofWireName(type)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void q17StationsTravelWithTheItem() {
        AnswerKey key = Singapore.oneTransfer();
        assertThat(AnswerKey.fromJson(key.toJson())).isEqualTo(key);
    }

    @Test
    void q18StandardisingAGroupCancelsItsDifficultyWeight() {
        double[] hard = group(Difficulty.HARD);
        double[] easy = group(Difficulty.EASY);
        for (int i = 0; i < hard.length; i++) {
            assertThat(hard[i] - mean(hard)).isEqualTo(1.5 * (easy[i] - mean(easy)), within(1e-12));
            assertThat((hard[i] - mean(hard)) / deviation(hard))
                    .isEqualTo((easy[i] - mean(easy)) / deviation(easy), within(1e-6));
        }
    }

    /// Little India to Promenade: Rochor and Bugis lie between.
    private static AnswerKey between() {
        var lines = new LinkedHashMap<String, List<String>>();
        lines.put("Downtown Line", Singapore.LINES.get("Downtown Line"));
        return new AnswerKey(
                QuestionType.COUNTING1, 1, "Little India Station", "Promenade Station", Difficulty.EASY, 0, lines);
    }

    private static double[] group(Difficulty difficulty) {
        return List.of("yes", "no", "no", "yes", "no").stream()
                .mapToDouble(answer -> reference(Singapore.shortAnswer(QuestionType.TORF1, 1, difficulty), answer))
                .toArray();
    }

    private static double mean(double[] values) {
        return DoubleStream.of(values).average().orElseThrow();
    }

    private static double deviation(double[] values) {
        double mean = mean(values);
        return Math.sqrt(DoubleStream.of(values)
                                .map(v -> (v - mean) * (v - mean))
                                .sum()
                        / (values.length - 1))
                + 1e-6;
    }

    private static double reference(AnswerKey key, String response) {
        return REFERENCE.grade(key, response).reward();
    }

    private static AnswerKey inline(String from, String to, String stations) {
        return AnswerKey.fromJson(
                "{\"type\":\"planning\",\"station_1\":\"%s\",\"station_2\":\"%s\",\"difficulty_city\":\"hard\","
                                .formatted(from, to)
                        + "\"question_transfer_count\":0,\"stations\":" + stations + "}");
    }
}
