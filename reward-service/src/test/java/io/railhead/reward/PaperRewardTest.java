package io.railhead.reward;

import static io.railhead.reward.Singapore.route;
import static io.railhead.reward.Singapore.segment;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaperRewardTest {
    private final GradingFunction reward = RewardProfile.PAPER.function(RewardWeights.DEFAULT);

    @Test
    void paysEndpointFirstLineAndTransfer() {
        Grade grade = reward.grade(
                Singapore.oneTransfer(),
                route(
                        segment("Downtown Line", "Promenade Station", "Little India Station"),
                        segment("North East Line", "Little India Station", "Farrer Park Station")));

        assertThat(grade.detail()).isEqualTo(7); // 2 + 4 + 1
        assertThat(grade.reward()).isEqualTo(2 * (1 + 10 + 3.5));
    }

    @Test
    void paysOneRightEndpointAloneAndTakesFiveForEachTransferTooMany() {
        Grade grade = reward.grade(
                Singapore.direct(),
                route(
                        segment("Line 99", "Clarke Quay Station", "Bugis Station"),
                        segment("Line 99", "Bugis Station", "Bugis Station")));

        assertThat(grade.detail()).isEqualTo(-3);
    }

    @Test
    void paysNoDetailForAWrongForm() {
        assertThat(reward.grade(Singapore.direct(), "Take the North East Line.").reward())
                .isZero();
    }
}
