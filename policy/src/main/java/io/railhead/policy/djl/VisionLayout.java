package io.railhead.policy.djl;

import io.railhead.policy.PatchGrid;
import io.railhead.policy.vision.ConvolutionalTower;
import io.railhead.policy.vision.TransformerTower;
import io.railhead.policy.vision.VisionConfig;
import java.util.List;

/// Some pictures as their tower takes them.
sealed interface VisionLayout permits PatchLayout, PixelLayout {
    /// Patches of all pictures.
    int patchCount();

    /// Where visual token i, in the order of placeholders, is among the tower's results.
    int[] rowOfToken();

    static VisionLayout of(List<PatchGrid> pictures, VisionConfig vision) {
        return switch (vision) {
            case TransformerTower tower -> PatchLayout.of(pictures, tower);
            case ConvolutionalTower tower -> PixelLayout.of(pictures, tower);
        };
    }

    /// @throws IllegalArgumentException if the picture was cut for another tower
    static void requireLength(PatchGrid picture, int patchLength) {
        if (picture.patches().length != picture.patchCount() * patchLength) {
            throw new IllegalArgumentException("patches of %d floats where the vision tower takes %d"
                    .formatted(picture.patches().length / picture.patchCount(), patchLength));
        }
    }
}
