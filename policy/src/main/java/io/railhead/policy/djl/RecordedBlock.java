package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/// A block whose backward pass is that of the graph that its forward pass records.
///
/// @param operation from the input to the output; whatever else it takes is constant or a weight
record RecordedBlock(Operation operation) implements BlockChain.Block {
    /// A differentiable computation.
    @FunctionalInterface
    interface Operation {
        NDArray apply(TensorScope scope, NDArray input);
    }

    @Override
    public NDArray output(TensorScope scope, NDArray input) {
        return operation.apply(scope, input);
    }

    @Override
    public NDArray[] forward(TensorScope scope, NDArray input) {
        return TensorScope.recorded(() -> new NDArray[] {operation.apply(scope, input)});
    }

    @Override
    public @Nullable NDArray backward(TensorScope scope, NDArray input, NDArray[] results, NDArray byOutput) {
        if (scope.hasGraph(results[0])) { // else there is nothing to be trained in the block or before
            TensorScope.backward(results[0], byOutput);
        }
        return input.hasGradient() ? input.getGradient() : null;
    }
}
