package io.railhead.policy.vision;

import io.railhead.policy.vision.Layer.Activation;
import io.railhead.policy.vision.Layer.Convolution;
import java.util.ArrayList;
import java.util.List;

/// The layers of MobileNet-V1, table 1 of its paper: block 0 is the stem, 1 to 13 are depthwise separable convolutions.
/// torchvision has none; the names follow its V2.
final class MobileNetV1 {
    private static final int STEM = 32;

    /// Channels, stride.
    private static final int[][] BLOCKS = {
        {64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}, {512, 1}, {512, 1}, {512, 1}, {512, 1},
        {1024, 2}, {1024, 1}
    };

    private MobileNetV1() {}

    static List<Block> blocks(Backbone backbone) {
        List<Block> blocks = new ArrayList<>();
        int in = backbone.channels(STEM);
        blocks.add(Block.of(new Convolution("features.0.0", "features.0.1", 3, in, 3, 2, 1, Activation.RELU)));
        for (int[] block : BLOCKS) {
            String name = "features.%d.".formatted(blocks.size());
            int out = backbone.channels(block[0]);
            blocks.add(Block.of(
                    new Convolution(name + "0.0", name + "0.1", in, in, 3, block[1], in, Activation.RELU),
                    new Convolution(name + "1.0", name + "1.1", in, out, 1, 1, 1, Activation.RELU)));
            in = out;
        }
        return blocks;
    }
}
