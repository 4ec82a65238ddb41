package io.railhead.policy.compact;

import io.railhead.policy.compact.Layer.BatchNorm;
import io.railhead.policy.compact.Layer.Convolution;
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

    static List<List<Layer>> blocks(CompactConfig config) {
        List<List<Layer>> blocks = new ArrayList<>();
        int in = config.channels(STEM);
        blocks.add(List.of(new Convolution("features.0.0", 3, in, 3, 2, 1), new BatchNorm("features.0.1", in)));
        for (int[] block : BLOCKS) {
            String name = "features.%d.".formatted(blocks.size());
            int out = config.channels(block[0]);
            blocks.add(List.of(
                    new Convolution(name + "0.0", in, in, 3, block[1], in),
                    new BatchNorm(name + "0.1", in),
                    new Convolution(name + "1.0", in, out, 1, 1, 1),
                    new BatchNorm(name + "1.1", out)));
            in = out;
        }
        return config.attended(blocks);
    }
}
