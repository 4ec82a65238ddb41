package io.railhead.learner.trouble;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RewardDriftTest {
    @Test
    void saysNothingBeforeThereAreEnoughSteps() {
        assertThat(RewardDrift.over(3).plus(1).plus(2).deviations(100)).isEmpty();
    }

    @Test
    void measuresInStandardDeviationsOfTheLatestSteps() {
        RewardDrift drift = RewardDrift.over(2).plus(1000).plus(1).plus(3); // mean 2, deviation 1
        assertThat(drift.means()).isEqualTo(List.of(1.0, 3.0));
        assertThat(drift.deviations(-5)).isEqualTo(Optional.of(-7.0));
    }

    @Test
    void saysNothingWhereAllStepsWereEqual() {
        assertThat(RewardDrift.over(2).plus(1).plus(1).deviations(2)).isEmpty();
    }
}
