package io.railhead.policy.vision;

import io.railhead.policy.vision.Layer.Activation;
import io.railhead.policy.vision.Layer.Convolution;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The layers of MobileNet-V2, table 2 of its paper, with the names of torchvision's `mobilenet_v2`: block 0 is the
/// stem, 1 to 17 are inverted residuals, 18 the last convolution.
final class MobileNetV2 {
    private static final int STEM = 32;
    private static final int LAST = 1280;

    /// Expansion, channels, repetitions, stride of the first.
    private static final int[][] STAGES = {
        {1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}
    };

    private MobileNetV2() {}

    static List<Block> blocks(Backbone backbone) {
        List<Block> blocks = new ArrayList<>();
        int in = backbone.channels(STEM);
        blocks.add(Block.of(new Convolution("features.0.0", "features.0.1", 3, in, 3, 2, 1, Activation.RELU6)));
        for (int[] stage : STAGES) {
            for (int i = 0; i < stage[2]; i++) {
                int out = backbone.channels(stage[1]);
                String name = "features.%d.conv.".formatted(blocks.size());
                blocks.add(residual(name, in, out, stage[0], i == 0 ? stage[3] : 1));
                in = out;
            }
        }
        String last = "features.%d.".formatted(blocks.size());
        int out = Math.max(LAST, backbone.channels(LAST)); // never narrower than published
        blocks.add(Block.of(new Convolution(last + "0", last + "1", in, out, 1, 1, 1, Activation.RELU6)));
        return blocks;
    }

    /// Wider by a pointwise convolution, filtered channel by channel, narrow again.
    private static Block residual(String name, int in, int out, int expansion, int stride) {
        List<Convolution> layers = new ArrayList<>();
        int wide = in * expansion;
        if (expansion != 1) {
            layers.add(new Convolution(name + "0.0", name + "0.1", in, wide, 1, 1, 1, Activation.RELU6));
        }
        int at = layers.size();
        String filter = name + at + ".";
        layers.add(new Convolution(filter + "0", filter + "1", wide, wide, 3, stride, wide, Activation.RELU6));
        layers.add(new Convolution(name + (at + 1), name + (at + 2), wide, out, 1, 1, 1, Activation.NONE));
        return new Block(layers, stride == 1 && in == out, Optional.empty());
    }
}
