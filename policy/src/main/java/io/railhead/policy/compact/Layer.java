package io.railhead.policy.compact;

import io.railhead.policy.VisionCost;

/// A part of a compact tower that has weights, with the names of torchvision.
public sealed interface Layer {
    /// Name of the layer; its weights are `NAME.weight` and so on.
    String name();

    /// Channels that come out.
    int channels();

    /// Rows, or columns, that come out of so many.
    int size(int size);

    /// Of so many rows and columns that come in.
    VisionCost cost(int rows, int columns);

    /// A convolution without bias, padded so that only the stride makes the picture smaller.
    ///
    /// @param groups of channels that do not see each other: 1, or all of them
    record Convolution(String name, int in, int channels, int kernel, int stride, int groups) implements Layer {
        public Convolution {
            if (in % groups != 0 || channels % groups != 0) {
                throw new IllegalArgumentException(
                        "%s: %d and %d channels are no multiples of %d groups".formatted(name, in, channels, groups));
            }
        }

        @Override
        public int size(int size) {
            return (size + 2 * ((kernel - 1) / 2) - kernel) / stride + 1;
        }

        @Override
        public VisionCost cost(int rows, int columns) {
            long weights = (long) channels * (in / groups) * kernel * kernel;
            return new VisionCost(weights, weights * size(rows) * size(columns));
        }
    }

    /// Batch norm with scale and shift; the running mean and variance are no parameters.
    record BatchNorm(String name, int channels) implements Layer {
        @Override
        public int size(int size) {
            return size;
        }

        @Override
        public VisionCost cost(int rows, int columns) {
            return new VisionCost(2L * channels, 0);
        }
    }

    /// The attention of [SubspaceAttention] over `channels`: in each of the subspaces a depthwise 1x1 convolution and a
    /// pointwise one to one channel, each with a bias and a batch norm.
    record Subspaces(String name, int channels, int subspaces) implements Layer {
        public Subspaces {
            if (channels % subspaces != 0) {
                throw new IllegalArgumentException(
                        "%s: %d channels do not split into %d subspaces".formatted(name, channels, subspaces));
            }
        }

        @Override
        public int size(int size) {
            return size;
        }

        @Override
        public VisionCost cost(int rows, int columns) {
            long depthwise = channels;
            long pointwise = channels; // m/g of each of g subspaces
            long biases = channels + (long) subspaces;
            long norms = 2 * (channels + (long) subspaces);
            return new VisionCost(depthwise + pointwise + biases + norms, (depthwise + pointwise) * rows * columns);
        }
    }
}
