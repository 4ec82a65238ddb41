package io.railhead.policy.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransformerTowerTest {
    private static final VisionConfig VISION = new TransformerTower(3, 16, 24, 2, 4, 2, 2, 16, List.of(1), 20, 3);

    /// Layer by layer and pair by pair, as the tower is described.
    @ParameterizedTest
    @CsvSource({"2, 2", "4, 4", "6, 10", "8, 4"})
    void countsWhatTheTowerDoes(int rows, int columns) {
        long patches = (long) rows * columns;
        long work = patches * 16 * (3 * 2 * 4 * 4); // patch embedding
        for (int block = 0; block < 3; block++) {
            work += patches * 16 * 48 + patches * 16 * 16; // query, key and value; their projection
            work += 3 * patches * 16 * 24; // gate, up, down
            for (int a = 0; a < patches; a++) {
                for (int b = 0; b < patches; b++) {
                    boolean together = a / columns / 4 == b / columns / 4 && a % columns / 4 == b % columns / 4;
                    if (block == 1 || together) {
                        work += 16 + 16; // a score, and its part of the sum
                    }
                }
            }
        }
        work += patches / 4 * (64 * 64 + 64 * 20);
        VisionCost cost = VISION.cost(4 * rows, 4 * columns);
        assertThat(cost.multiplyAccumulates()).isEqualTo(work);
    }

    @Test
    void parametersAreThoseOfTheTower() {
        long embedding = 16 * 3 * 2 * 4 * 4;
        long block = 16 + (48 * 16 + 48) + (16 * 16 + 16) + 16 + 2 * (24 * 16 + 24) + (16 * 24 + 16);
        long merger = 16 + (64 * 64 + 64) + (20 * 64 + 20);
        assertThat(VISION.cost(8, 8).parameters()).isEqualTo(embedding + 3 * block + merger);
    }

    @Test
    void patchesThatDoNotMergeAreRefused() {
        assertThatThrownBy(() -> VISION.cost(12, 8)).hasMessageContaining("12 x 8 pixels");
        assertThatThrownBy(() -> VISION.cost(0, 8)).hasMessageContaining("0 x 8 pixels");
    }
}
