package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Blocks computed one after another, and their backward pass from the last to the first.
///
/// Each block has a graph of its own, which begins at a detached copy of its input and is freed once the backward
/// pass has gone through it. With recomputation there is no graph until then: only the inputs stay, and gradients are
/// the same bit for bit.
final class BlockChain {
    /// What stays of the forward pass.
    enum Keep {
        NOTHING,
        INPUTS,
        GRAPHS
    }

    /// One block as a function of its input; whatever else it takes is constant or a weight.
    @FunctionalInterface
    interface Block {
        NDArray apply(TensorScope scope, NDArray input);
    }

    /// @param ofInput whether the gradient by the input is needed
    private record Step(
            Block block,
            NDArray input,
            boolean ofInput,
            @Nullable NDArray output) {}

    private final TensorScope scope;
    private final Keep keep;
    private final List<Step> steps = new ArrayList<>();
    private boolean inputNeedsGradient;

    /// @param inputNeedsGradient whether there is something to be trained before the first block
    BlockChain(TensorScope scope, Keep keep, boolean inputNeedsGradient) {
        this.scope = scope;
        this.keep = keep;
        this.inputNeedsGradient = inputNeedsGradient;
    }

    /// A chain without a backward pass.
    static BlockChain forward(TensorScope scope) {
        return new BlockChain(scope, Keep.NOTHING, false);
    }

    TensorScope scope() {
        return scope;
    }

    /// The block's output, without a graph that leads back to its input. Frees the input if nothing is kept.
    NDArray compute(NDArray input, Block block) {
        if (keep == Keep.NOTHING) {
            NDArray output = block.apply(scope, input);
            input.close();
            return output;
        }
        boolean ofInput = inputNeedsGradient;
        NDArray leaf = ofInput ? scope.leaf(input) : input;
        inputNeedsGradient = true; // of all later blocks
        boolean graph = keep == Keep.GRAPHS;
        NDArray output = graph ? TensorScope.recorded(() -> block.apply(scope, leaf)) : block.apply(scope, leaf);
        steps.add(new Step(block, leaf, ofInput, graph ? output : null));
        return output;
    }

    /// Takes the gradient of a loss by the last output, lets the weights of all blocks collect theirs, and returns
    /// that by the first input, if it needs one.
    @Nullable
    NDArray backward(NDArray byOutput) {
        NDArray gradient = byOutput;
        while (!steps.isEmpty()) {
            Step step = steps.removeLast();
            backward(step, gradient);
            gradient.close();
            if (!step.ofInput()) {
                return null;
            }
            gradient = step.input().getGradient();
            step.input().close();
        }
        return gradient;
    }

    private void backward(Step step, NDArray gradient) {
        try (TensorScope own = TensorScope.within(scope.manager())) {
            NDArray output = step.output();
            if (output == null) {
                output = TensorScope.recorded(() -> step.block().apply(own, step.input()));
            }
            if (own.hasGraph(output)) { // else there is nothing to be trained in the block or before
                TensorScope.backward(output, gradient);
            }
            output.close();
        }
    }
}
