package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.railhead.policy.EncodedImage;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.VisualLabel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VisionAlignmentTest {
    private static final OptimizerStep STEP = new OptimizerStep(1e-2, 0.9, 0.98, 1e-8, 0, 1);
    private static final List<EncodedImage> PICTURES =
            List.of(TinyModel.picture(24, 16, 1), TinyModel.picture(16, 32, 2)); // 6 and 8 visual tokens
    private static final List<List<VisualLabel>> LABELS = List.of(
            List.of(new VisualLabel(0, 'a', 1), new VisualLabel(5, 'b', 1)),
            List.of(new VisualLabel(7, 'c', 0.5), new VisualLabel(7, 'd', 0.5)));

    @ParameterizedTest
    @EnumSource
    void visualTokensLearnTheirWords(TinyModel.Tower tower, @TempDir Path folder) throws IOException {
        TinyModel.create(folder, tower);
        TrainingOptions options = TrainingOptions.DEFAULT.withBatchStatistics(true);
        try (var policy = DjlTrainablePolicy.open(folder, options)) {
            double before = policy.align(PICTURES, LABELS, 1);
            policy.step(STEP);
            for (int i = 0; i < 80; i++) {
                policy.align(PICTURES, LABELS, 1);
                policy.step(STEP);
            }
            double after = policy.align(PICTURES, LABELS, 1);
            // The third token has two words of equal right: at best log 2, a third of the mean.
            assertThat(before).isGreaterThan(3);
            assertThat(after).isBetween(Math.log(2) / 3, Math.log(2) / 3 + 0.1);
        }
    }

    @Test
    void theLossScalesWithItsWeight(@TempDir Path folder) throws IOException {
        TinyModel.create(folder);
        try (var policy = DjlTrainablePolicy.open(folder, TrainingOptions.DEFAULT)) {
            double whole = policy.align(PICTURES, LABELS, 1);
            double tenth = policy.align(PICTURES, LABELS, 0.1);
            assertThat(tenth).isCloseTo(whole / 10, within(1e-5));
        }
    }

    @Test
    void aLabelOutsideThePictureIsRefused(@TempDir Path folder) throws IOException {
        TinyModel.create(folder);
        try (var policy = DjlTrainablePolicy.open(folder, TrainingOptions.DEFAULT)) {
            assertThatThrownBy(
                            () -> policy.align(PICTURES.subList(0, 1), List.of(List.of(new VisualLabel(6, 'a', 1))), 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("visual token 6");
        }
    }
}
