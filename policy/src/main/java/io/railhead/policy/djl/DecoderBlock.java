package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.TextConfig;
import java.util.stream.Stream;

/// A block of the decoder over rows laid end to end, with its backward pass by hand but for the attention of long rows.
///
/// Between the passes it keeps queries, keys, values, what was attended, and gate and up of the feed-forward layer:
/// less than half of what autograd would keep. Norms are computed again, and so is the attention of long rows.
///
/// @param weights as the operators take them, adapters included
/// @param angles cosines and sines
@SuppressWarnings("ArrayRecordComponent") // lives for one microbatch
record DecoderBlock(NDArray[] weights, NDArray[] angles, PackedRows rows, TextConfig text) implements BlockChain.Block {

    @Override
    public NDArray output(TensorScope scope, NDArray x) {
        try (TensorScope own = TensorScope.within(scope.manager())) {
            NDArray output = forward(own, x)[0];
            output.attach(scope.manager());
            return output;
        }
    }

    @Override
    public NDArray[] forward(TensorScope scope, NDArray x) {
        NDArray[] heads = scope.callAll(
                "decoder_heads", x, weights, angles[0], angles[1], text.heads(), text.kvHeads(), text.rmsNormEps());
        NDArray[] attention = rows.isShort()
                ? scope.callAll("short_attention", heads[0], heads[1], heads[2], rows.shapes(), rows.masks(), repeats())
                : new NDArray[] {attention(scope, heads[0], heads[1], heads[2]), scope.none()};
        NDArray attended = attention[0];
        NDArray[] rest = scope.callAll("decoder_rest", x, attended, weights, text.rmsNormEps());
        return new NDArray[] {rest[3], heads[0], heads[1], heads[2], attended, rest[0], rest[1], rest[2], attention[1]};
    }

    @Override
    public NDArray backward(TensorScope scope, NDArray x, NDArray[] results, NDArray byOutput) {
        NDArray[] rest = scope.callForList(
                "decoder_rest_backward",
                byOutput,
                results[5],
                results[4],
                results[6],
                results[7],
                weights,
                text.rmsNormEps());
        scope.collect(weights, rest, 2);
        NDArray[] byHeads = rows.isShort() ? shortBackward(scope, results, rest[1]) : backward(scope, results, rest[1]);
        NDArray[] heads = scope.callForList(
                "decoder_heads_backward",
                rest[0],
                byHeads[0],
                byHeads[1],
                byHeads[2],
                x,
                weights,
                angles[0],
                angles[1],
                text.rmsNormEps());
        scope.collect(weights, heads, 1);
        return heads[0];
    }

    /// Gradients by queries, keys and values from that by what was attended.
    private NDArray[] shortBackward(TensorScope scope, NDArray[] results, NDArray byAttended) {
        return scope.callAll(
                "short_attention_backward",
                byAttended,
                results[1],
                results[2],
                results[3],
                results[4],
                results[8],
                rows.shapes(),
                rows.masks(),
                repeats());
    }

    private NDArray[] backward(TensorScope scope, NDArray[] results, NDArray byAttended) {
        NDArray[] leaves =
                Stream.of(results[1], results[2], results[3]).map(scope::leaf).toArray(NDArray[]::new);
        NDArray attended = TensorScope.recorded(() -> attention(scope, leaves[0], leaves[1], leaves[2]));
        TensorScope.backward(attended, byAttended);
        return Stream.of(leaves).map(NDArray::getGradient).toArray(NDArray[]::new);
    }

    private int repeats() {
        return text.heads() / text.kvHeads();
    }

    private NDArray attention(TensorScope scope, NDArray queries, NDArray keys, NDArray values) {
        return scope.call(
                "row_attention",
                queries,
                keys,
                values,
                rows.shapes(),
                rows.masks(),
                rows.pad(),
                rows.unpad(),
                repeats());
    }
}
