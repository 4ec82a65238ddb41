package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.TextConfig;

/// A block of the decoder over rows laid end to end, with its backward pass by hand but for attention.
///
/// Between the passes it keeps queries, keys, values, what was attended, and gate and up of the feed-forward layer:
/// less than half of what autograd would keep. Norms and the attention are computed again.
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
        NDArray attended = attention(scope, heads[0], heads[1], heads[2]);
        NDArray[] rest = scope.callAll("decoder_rest", x, attended, weights, text.rmsNormEps());
        return new NDArray[] {rest[3], heads[0], heads[1], heads[2], attended, rest[0], rest[1], rest[2]};
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
        NDArray queries = scope.leaf(results[1]);
        NDArray keys = scope.leaf(results[2]);
        NDArray values = scope.leaf(results[3]);
        NDArray attended = TensorScope.recorded(() -> attention(scope, queries, keys, values));
        TensorScope.backward(attended, rest[1]);
        NDArray[] heads = scope.callForList(
                "decoder_heads_backward",
                rest[0],
                queries.getGradient(),
                keys.getGradient(),
                values.getGradient(),
                x,
                weights,
                angles[0],
                angles[1],
                text.rmsNormEps());
        scope.collect(weights, heads, 1);
        return heads[0];
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
                text.heads() / text.kvHeads());
    }
}
