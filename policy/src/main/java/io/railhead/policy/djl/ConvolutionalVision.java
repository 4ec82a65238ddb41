package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.vision.Block;
import io.railhead.policy.vision.ConvolutionalTower;
import io.railhead.policy.vision.Layer.Activation;
import io.railhead.policy.vision.Layer.Convolution;
import java.util.List;

/// A convolutional vision tower: pictures of one size at a time, then the merger over all.
///
/// With running statistics, batch norm is a scale and a shift, and training computes what generation does. With the
/// batch's own, which normalise what the weights at hand make of the pictures, it learns the running ones.
final class ConvolutionalVision {
    /// What batch norm normalises with.
    enum Statistics {
        RUNNING,
        OWN
    }

    private static final double MOMENTUM = 0.1; // PyTorch's: the share of the newest batch

    private final ConvolutionalTower tower;
    private final List<Block> blocks;

    ConvolutionalVision(ConvolutionalTower tower) {
        this.tower = tower;
        this.blocks = tower.blocks();
    }

    /// @throws IllegalArgumentException if batch norm has a single value a channel to learn from
    NDArray features(BlockChain chain, VisionWeights weights, PixelLayout layout, Statistics statistics) {
        if (statistics == Statistics.OWN) {
            layout.batches().forEach(this::requireSeveral);
        }
        NDArray pixels = chain.scope().floats(layout.pixels(), layout.pixels().length);
        NDArray x = chain.compute(pixels, new RecordedBlock(new Network(weights, layout, statistics)));
        NDArray[] merger = weights.visionGroup(blocks.size());
        return chain.compute(x, new RecordedBlock((own, in) -> own.call("vision_merger", in, merger, 1)));
    }

    private void requireSeveral(PixelLayout.Batch batch) {
        int side = tower.tokenSize();
        if (batch.pictures() * (batch.rows() / side) * (batch.columns() / side) == 1) {
            throw new IllegalArgumentException(
                    "batch norm cannot learn from one picture of one visual token: it is its own mean");
        }
    }

    /// All blocks as one, since their number of arrays is that of the pictures' sizes.
    private final class Network implements RecordedBlock.Operation {
        private final VisionWeights weights;
        private final PixelLayout layout;
        private final Statistics statistics;
        private boolean learnt; // recomputation sees the same pictures again

        Network(VisionWeights weights, PixelLayout layout, Statistics statistics) {
            this.weights = weights;
            this.layout = layout;
            this.statistics = statistics;
        }

        @Override
        public NDArray apply(TensorScope scope, NDArray input) {
            NDArray[] parts = new NDArray[layout.batches().size()];
            int first = 0;
            for (int i = 0; i < parts.length; i++) {
                PixelLayout.Batch batch = layout.batches().get(i);
                parts[i] = features(scope, input, first, batch);
                first += batch.pictures() * tower.inChannels() * batch.rows() * batch.columns();
            }
            learnt = true;
            return parts.length == 1 ? parts[0] : scope.call("joined", (Object) parts);
        }

        private NDArray features(TensorScope scope, NDArray pixels, int first, PixelLayout.Batch batch) {
            NDArray x = scope.call("pictures", pixels, first, batch.pictures(), batch.rows(), batch.columns());
            for (int i = 0; i < blocks.size(); i++) {
                NDArray y = block(scope, x, i);
                x.close(); // a graph keeps what it needs
                x = y;
            }
            NDArray rows = scope.call("places_first", x);
            x.close();
            return rows;
        }

        private NDArray block(TensorScope scope, NDArray x, int number) {
            Block block = blocks.get(number);
            List<Convolution> convolutions = block.convolutions();
            return scope.call(
                    "convolution_block",
                    x,
                    weights.visionGroup(number),
                    convolutions.stream().mapToInt(Convolution::stride).toArray(),
                    convolutions.stream().mapToInt(Convolution::groups).toArray(),
                    convolutions.stream()
                            .mapToInt(layer -> number(layer.activation()))
                            .toArray(),
                    block.residual(),
                    statistics == Statistics.OWN,
                    learnt ? 0 : MOMENTUM);
        }
    }

    /// As convolution.py counts them.
    private static int number(Activation activation) {
        return switch (activation) {
            case NONE -> 0;
            case RELU -> 1;
            case RELU6 -> 2;
        };
    }
}
