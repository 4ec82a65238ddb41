package io.railhead.policy.vision;

import java.util.List;
import java.util.stream.Stream;

/// A part of a convolutional network that has weights.
public sealed interface Layer {
    /// Channels that come out.
    int channels();

    /// Rows, or columns, that come out of so many.
    int size(int size);

    /// In the order in which operators take them.
    List<Weight> weights();

    /// Of so many rows and columns that come in.
    long multiplyAccumulates(int rows, int columns);

    /// What follows a convolution's norm.
    enum Activation {
        NONE,
        RELU,
        /// ReLU that stops at 6.
        RELU6
    }

    /// A convolution without bias, padded so that only the stride makes the picture smaller; batch norm; activation.
    ///
    /// @param norm name of the batch norm
    /// @param groups of channels that do not see each other: 1, or all of them
    record Convolution(
            String name, String norm, int in, int channels, int kernel, int stride, int groups, Activation activation)
            implements Layer {
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
        public List<Weight> weights() {
            Weight weight = Weight.of(name + ".weight", channels, in / groups, kernel, kernel);
            return Stream.concat(Stream.of(weight), Weight.norm(norm, channels)).toList();
        }

        @Override
        public long multiplyAccumulates(int rows, int columns) {
            return (long) channels * (in / groups) * kernel * kernel * size(rows) * size(columns);
        }
    }

    /// The attention of [SubspaceAttention] over `channels`: in each of the subspaces a depthwise 1x1 convolution and a
    /// pointwise one to one channel, each with a bias and a batch norm. The weights of all subspaces are one array,
    /// subspace after subspace.
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
        public List<Weight> weights() {
            return Stream.of(
                            Stream.of(
                                    Weight.of(name + ".conv_dws.weight", channels, 1, 1, 1),
                                    Weight.of(name + ".conv_dws.bias", channels)),
                            Weight.norm(name + ".bn_dws", channels),
                            Stream.of(
                                    Weight.of(name + ".conv_point.weight", subspaces, channels / subspaces, 1, 1),
                                    Weight.of(name + ".conv_point.bias", subspaces)),
                            Weight.norm(name + ".bn_point", subspaces))
                    .flatMap(parts -> parts)
                    .toList();
        }

        @Override
        public long multiplyAccumulates(int rows, int columns) {
            return 2L * channels * rows * columns; // m/g of each of g subspaces, twice
        }
    }
}
