package io.railhead.policy;

import io.railhead.policy.vision.VisionConfig;
import java.util.List;

/// Shape of the decoder. `mropeSection` says how many of the `headDim / 2` rotary frequencies turn with time, height
/// and width.
public record TextConfig(
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        double ropeTheta,
        List<Integer> mropeSection,
        double rmsNormEps,
        int maxPositions) {
    public TextConfig {
        mropeSection = List.copyOf(mropeSection);
        VisionConfig.requirePositive("vocab_size", vocabSize);
        VisionConfig.requirePositive("hidden_size", hiddenSize);
        VisionConfig.requirePositive("intermediate_size", intermediateSize);
        VisionConfig.requirePositive("num_hidden_layers", layers);
        VisionConfig.requirePositive("num_attention_heads", heads);
        VisionConfig.requirePositive("num_key_value_heads", kvHeads);
        VisionConfig.requirePositive("head_dim", headDim);
        VisionConfig.requirePositive("max_position_embeddings", maxPositions);
        if (heads % kvHeads != 0) {
            throw new IllegalArgumentException(
                    "num_attention_heads = %d is no multiple of num_key_value_heads = %d".formatted(heads, kvHeads));
        }
        if (mropeSection.size() != 3
                || mropeSection.stream().anyMatch(n -> n < 0)
                || mropeSection.stream().mapToLong(Integer::longValue).sum() * 2 != headDim) {
            throw new IllegalArgumentException(
                    "mrope_section = %s does not divide half of head_dim = %d among time, height and width"
                            .formatted(mropeSection, headDim));
        }
        if (!(ropeTheta > 0) || !(rmsNormEps > 0)) {
            throw new IllegalArgumentException(
                    "rope_theta = %s and rms_norm_eps = %s are positive".formatted(ropeTheta, rmsNormEps));
        }
    }
}
