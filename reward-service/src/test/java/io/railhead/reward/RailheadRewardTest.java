package io.railhead.reward;

import static io.railhead.reward.Singapore.route;
import static io.railhead.reward.Singapore.segment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.Score.Component;
import io.railhead.transit.Difficulty;
import io.railhead.transit.QuestionType;
import io.railhead.transit.answer.AnswerKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class RailheadRewardTest {
    private final GradingFunction reward = RewardProfile.RAILHEAD.function(RewardWeights.DEFAULT);

    @Test
    void saysWhatAScoreIsMadeOf() {
        AnswerKey key = Singapore.oneTransfer();
        String response = route(
                segment("Downtown Line", "Promenade Station", "Bugis Station"),
                segment("North East Line", "Bugis Station", "Farrer Park Station"));

        assertThat(reward.score(key, response))
                .isEqualTo(new Score(
                        2 * (0.1 + 0.5 * (0.2 + 0.4)),
                        false,
                        2.0,
                        List.of(
                                new Component("format", 0.1, "every segment names line, departure and arrival"),
                                new Component("correctness", 0, "the route does not lead there"),
                                new Component("detail/endpoints", 0.1, "start right, end right"),
                                new Component("detail/lines", 0.2, "first line right, last line right"),
                                new Component("detail/transfers", 0, "0 of 1 transfers right"))));
    }

    @Test
    void aRightRouteEarnsTheWholeDetailReward() {
        Grade grade = reward.grade(
                Singapore.oneTransfer(),
                route(
                        segment("Downtown Line", "Promenade Station", "Little India Station"),
                        segment("North East Line", "Little India Station", "Farrer Park Station")));

        assertThat(grade.correct()).isTrue();
        assertThat(grade.detail()).isEqualTo(1, within(1e-12));
        assertThat(grade.reward()).isEqualTo(2 * (0.1 + 1 + 0.5), within(1e-12));
    }

    @Test
    void aTrueTransferThatLeadsNowherePaysNothing() {
        AnswerKey key = Singapore.planning("Promenade Station", "Farrer Park Station", 2);
        Grade elsewhere = reward.grade(
                key,
                route(
                        segment("Line 99", "Promenade Station", "Bras Basah Station"),
                        segment("Circle Line", "Bras Basah Station", "Dhoby Ghaut Station"),
                        segment("North East Line", "Dhoby Ghaut Station", "Nowhere Station")));

        assertThat(elsewhere.details())
                .extracting(Component::name, Component::value)
                .contains(tuple("detail/transfers", 0.2));
        // The last line serves the end, so the transfer before it counts; without that line it does not.
        Grade unconnected = reward.grade(
                key,
                route(
                        segment("Line 99", "Promenade Station", "Dhoby Ghaut Station"),
                        segment("North East Line", "Dhoby Ghaut Station", "Dhoby Ghaut Station"),
                        segment("Circle Line", "Dhoby Ghaut Station", "Bras Basah Station")));
        assertThat(unconnected.details())
                .extracting(Component::name, Component::value)
                .contains(tuple("detail/transfers", 0.0));
    }

    @Test
    void copiedEndpointsOnAnyLineEarnLittle() {
        AnswerKey key = Singapore.direct();
        Grade copied = reward.grade(key, segment("Circle Line", "Clarke Quay Station", "Farrer Park Station"));

        assertThat(copied.detail()).isEqualTo(PlanningDetail.ENDPOINTS);
    }

    @Test
    void extraSegmentsCostButNeverBelowNothing() {
        AnswerKey key = Singapore.direct();
        String first = segment("North East Line", "Clarke Quay Station", "Dhoby Ghaut Station");
        String second = segment("North East Line", "Dhoby Ghaut Station", "Farrer Park Station");
        String nowhere = segment("Line 99", "Nowhere", "Nowhere");

        assertThat(reward.grade(key, route(first, second)).detail()).isEqualTo(0.75, within(1e-12));
        assertThat(reward.grade(key, route(nowhere, nowhere, nowhere, nowhere, first, second))
                        .detail())
                .isZero();
    }

    @Test
    void aRightAnswerOutOfTheBoxLacksOnlyTheFormat() {
        AnswerKey key = Singapore.shortAnswer(QuestionType.COUNTING2, 3, Difficulty.MIDDLE);

        assertThat(reward.grade(key, "\\boxed{3}").reward()).isEqualTo(1.2 * 1.1, within(1e-12));
        assertThat(reward.grade(key, "3").reward()).isEqualTo(1.2, within(1e-12));
        assertThat(reward.grade(key, "\\boxed{4}").reward()).isEqualTo(1.2 * 0.1, within(1e-12));
        assertThat(reward.grade(key, "").reward()).isZero();
    }

    @Test
    void refusesAnAlphaThatWouldLetAWrongAnswerScoreAboveARightOne() {
        RewardWeights weights = new RewardWeights(0.9, 1, 1.2, 1.5, 0, 0.5);

        assertThatThrownBy(() -> RewardProfile.RAILHEAD.function(weights))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("alpha = 0.9");
    }
}
