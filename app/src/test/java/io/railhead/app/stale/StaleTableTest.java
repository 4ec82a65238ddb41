package io.railhead.app.stale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StaleTableTest {
    private static final StaleResult GOOD = result("good", 0, 1, 0.1, 30);
    private static final StaleResult LATE = result("good", 8, 1, 0.05, 30);
    private static final StaleResult POOR = result("poor", 8, 1, 0.01, 30);

    @Test
    void theFinalRewardIsTheMeanOfTheLastTenthOfTheSteps() {
        assertThat(GOOD.finalReward()).isCloseTo(0.1 * 28, within(1e-9));
        assertThat(GOOD.firstReward()).isCloseTo(0.1, within(1e-9));
        assertThat(result("short", 0, 1, 0.1, 3).finalReward()).isCloseTo(0.2, within(1e-9));
    }

    @Test
    void stepsToAThresholdCountToTheEndOfTheTenthThatReachesIt() {
        assertThat(GOOD.stepsTo(0.1)).isEqualTo(3);
        assertThat(GOOD.stepsTo(1.0)).isEqualTo(12);
        assertThat(GOOD.stepsTo(2.9)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void theThresholdIsNineTenthsOfTheWayToTheBest() {
        double first = (0.1 + 0.05 + 0.01) / 3;
        assertThat(new StaleTable(List.of(GOOD, LATE, POOR)).threshold())
                .isCloseTo(first + 0.9 * (2.8 - first), within(1e-9));
    }

    @Test
    void showsMeansWithTheLowestAndTheHighestAndWhatHasNotRunAsEmpty() {
        String table = new StaleTable(List.of(GOOD, result("good", 0, 2, 0.2, 30), LATE, POOR)).markdown();
        assertThat(table)
                .contains(
                        "| preset | 0 stale | 8 stale |",
                        "| good | 4.200 (2.800 to 5.600) | 1.400 |",
                        "| poor |  | 0.280 |",
                        "| good | -, 21 | - |");
    }

    /// Its reward rises by `slope` a step, from 0.
    private static StaleResult result(String preset, int staleness, long seed, double slope, int steps) {
        List<Double> rewards =
                IntStream.range(0, steps).mapToObj(i -> slope * i).toList();
        return new StaleResult(preset, staleness, seed, rewards, 0.9, 1e-3, 50, 60, 10);
    }
}
