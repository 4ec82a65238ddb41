package io.railhead.transit.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.transit.Difficulty;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class WeightingTest {
    /// Rows: transfers of the question; columns: easy, middle, hard map.
    private static double[][] table(Weighting weighting) {
        double[][] weights = new double[4][3];
        for (int transfers = 0; transfers < weights.length; transfers++) {
            int column = 0;
            for (Difficulty map : Difficulty.values()) {
                weights[transfers][column++] = weighting.weight(map, transfers);
            }
        }
        return weights;
    }

    @Test
    void weighsAsThePapersDo() {
        assertThat(table(Weighting.REASONMAP))
                .isDeepEqualTo(new double[][] {{1, 1.5, 2}, {1.5, 2, 2.5}, {2, 2.5, 3}, {2, 2.5, 3}});
        assertThat(table(Weighting.REASONMAP_PLUS))
                .isDeepEqualTo(new double[][] {{1, 1.5, 2}, {1, 1.5, 2}, {1, 1.5, 2}, {1, 1.5, 2}});
    }

    /// The published test set has so many items of each kind; all its published accuracies are multiples of 0.5 / 576.
    @Test
    void weightsOfThePublishedTestSetAddUpTo576() {
        int[][] items = {{55, 46, 80}, {28, 23, 57}, {7, 1, 15}};
        double[][] weights = table(Weighting.REASONMAP);
        double sum = 0;
        for (int question = 0; question < items.length; question++) {
            for (int map = 0; map < items[question].length; map++) {
                sum += items[question][map] * weights[question][map];
            }
        }
        assertThat(sum).isEqualTo(576);
        assertThat(Arrays.stream(items).flatMapToInt(Arrays::stream).sum()).isEqualTo(312);
    }
}
