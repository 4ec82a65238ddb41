package io.railhead.policy.compact;

import io.railhead.policy.compact.Layer.BatchNorm;
import io.railhead.policy.compact.Layer.Convolution;
import java.util.ArrayList;
import java.util.List;

/// The layers of MobileNet-V2, table 2 of its paper, with the names of torchvision's `mobilenet_v2`: block 0 is the
/// stem,
/// 1 to 17 are inverted residuals, 18 the last convolution.
final class MobileNetV2 {
    private static final int STEM = 32;
    private static final int LAST = 1280;

    /// Expansion, channels, repetitions, stride of the first.
    private static final int[][] STAGES = {
        {1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}
    };

    private MobileNetV2() {}

    static List<List<Layer>> blocks(CompactConfig config) {
        List<List<Layer>> blocks = new ArrayList<>();
        int in = config.channels(STEM);
        blocks.add(convolution("features.0.0", "features.0.1", 3, in, 3, 2, 1));
        for (int[] stage : STAGES) {
            for (int i = 0; i < stage[2]; i++) {
                int out = config.channels(stage[1]);
                blocks.add(residual(
                        "features.%d.conv".formatted(blocks.size()), in, out, stage[0], i == 0 ? stage[3] : 1));
                in = out;
            }
        }
        String last = "features.%d.".formatted(blocks.size());
        int out = Math.max(LAST, config.channels(LAST)); // never narrower than published
        blocks.add(convolution(last + "0", last + "1", in, out, 1, 1, 1));
        return config.attended(blocks);
    }

    /// Wider by a pointwise convolution, filtered channel by channel, narrow again.
    private static List<Layer> residual(String name, int in, int out, int expansion, int stride) {
        List<Layer> layers = new ArrayList<>();
        int wide = in * expansion;
        int at = 0;
        if (expansion != 1) {
            layers.addAll(convolution(name + ".0.0", name + ".0.1", in, wide, 1, 1, 1));
            at = 1;
        }
        String filter = name + "." + at;
        layers.addAll(convolution(filter + ".0", filter + ".1", wide, wide, 3, stride, wide));
        layers.addAll(convolution(name + "." + (at + 1), name + "." + (at + 2), wide, out, 1, 1, 1));
        return List.copyOf(layers);
    }

    private static List<Layer> convolution(
            String name, String norm, int in, int out, int kernel, int stride, int groups) {
        return List.of(new Convolution(name, in, out, kernel, stride, groups), new BatchNorm(norm, out));
    }
}
