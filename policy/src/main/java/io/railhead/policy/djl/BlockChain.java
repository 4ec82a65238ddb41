package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Blocks computed one after another, and their backward pass from the last to the first.
///
/// What the backward pass needs of a block is freed once the pass has gone through it. With recomputation only the
/// blocks' inputs stay until then, and gradients are the same bit for bit.
final class BlockChain {
    /// What stays of the forward pass.
    enum Keep {
        NOTHING,
        INPUTS,
        RESULTS
    }

    /// One block as a function of its input. No graph leads from its results beyond the input.
    interface Block {
        /// The output alone.
        NDArray output(TensorScope scope, NDArray input);

        /// The output, and then what the backward pass needs beside the input.
        NDArray[] forward(TensorScope scope, NDArray input);

        /// Takes the gradient of a loss by the output, lets the weights collect theirs, and returns that by the input.
        @Nullable
        NDArray backward(TensorScope scope, NDArray input, NDArray[] results, NDArray byOutput);
    }

    /// @param results none if they are to be computed again
    @SuppressWarnings("ArrayRecordComponent") // lives for one microbatch
    private record Step(Block block, NDArray input, NDArray[] results) {}

    private final TensorScope scope;
    private final Keep keep;
    private final boolean inputNeedsGradient;
    private final List<Step> steps = new ArrayList<>();

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

    /// The block's output. Frees the input if nothing is kept.
    NDArray compute(NDArray input, Block block) {
        if (keep == Keep.NOTHING) {
            NDArray output = block.output(scope, input);
            input.close();
            return output;
        }
        NDArray leaf = steps.isEmpty() && !inputNeedsGradient ? input : scope.leaf(input);
        NDArray[] results =
                keep == Keep.RESULTS ? block.forward(scope, leaf) : new NDArray[] {block.output(scope, leaf)};
        steps.add(new Step(block, leaf, keep == Keep.RESULTS ? results : new NDArray[0]));
        return results[0];
    }

    /// Takes the gradient of a loss by the last output, lets the weights of all blocks collect theirs, and returns
    /// that by the first input, if it needs one.
    @Nullable
    NDArray backward(NDArray byOutput) {
        NDArray gradient = byOutput;
        while (!steps.isEmpty() && gradient != null) {
            Step step = steps.removeLast();
            NDArray byInput = backward(step, gradient);
            gradient.close();
            step.input().close();
            gradient = byInput;
        }
        return inputNeedsGradient ? gradient : null;
    }

    private @Nullable NDArray backward(Step step, NDArray byOutput) {
        try (TensorScope own = TensorScope.within(scope.manager())) {
            NDArray[] results = step.results();
            if (results.length == 0) {
                results = step.block().forward(own, step.input());
            }
            NDArray byInput = step.block().backward(own, step.input(), results, byOutput);
            if (byInput != null) {
                byInput.attach(scope.manager());
            }
            Arrays.stream(results).forEach(NDArray::close);
            return byInput;
        }
    }
}
