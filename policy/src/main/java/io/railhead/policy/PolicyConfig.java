package io.railhead.policy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What `config.json` says of a Qwen2.5-VL model: its shape and the tokens that stand for pictures.
public record PolicyConfig(
        TextConfig text,
        VisionConfig vision,
        int imageTokenId,
        int videoTokenId,
        int visionStartTokenId,
        int visionEndTokenId,
        boolean tieWordEmbeddings,
        String dtype) {
    private static final String ARCHITECTURE = "qwen2_5_vl";
    private static final String WHOLE_SEQUENCE = "every layer attends to the whole sequence";
    private static final double VISION_THETA = 10_000;

    public PolicyConfig {
        if (vision.outHiddenSize() != text.hiddenSize()) {
            throw new IllegalArgumentException("vision_config.out_hidden_size = %d differs from hidden_size = %d"
                    .formatted(vision.outHiddenSize(), text.hiddenSize()));
        }
    }

    /// Reads `config.json`, with the decoder's keys under `text_config` or, as older files have it, beside the others.
    ///
    /// @throws InvalidModelException if the file is missing, or asks for what this policy does not compute
    public static PolicyConfig read(Path modelDirectory) throws InvalidModelException {
        JsonSettings root = JsonSettings.read(modelDirectory.resolve("config.json"));
        if (!root.text("model_type", "").equals(ARCHITECTURE)) {
            throw root.refusal("model_type", "is not supported, only \"" + ARCHITECTURE + "\" is");
        }
        if (root.has("quantization_config")) {
            throw root.refusal("quantization_config", "is not supported, only plain weights are");
        }
        JsonSettings text = root.child("text_config").orElse(root);
        JsonSettings vision = root.child("vision_config")
                .orElseThrow(() -> new InvalidModelException(root.file(), "vision_config is missing"));
        try {
            return new PolicyConfig(
                    text(text),
                    vision(vision),
                    root.integer("image_token_id"),
                    root.integer("video_token_id", 151_656),
                    root.integer("vision_start_token_id"),
                    root.integer("vision_end_token_id"),
                    root.flag("tie_word_embeddings", false) || text.flag("tie_word_embeddings", false),
                    dtype(root).or(() -> dtype(text)).orElse("float32"));
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException(root.file(), String.valueOf(e.getMessage()), e);
        }
    }

    private static Optional<String> dtype(JsonSettings settings) {
        return Optional.ofNullable(settings.node().get("dtype"))
                .or(() -> Optional.ofNullable(settings.node().get("torch_dtype")))
                .filter(value -> value.isTextual())
                .map(value -> value.textValue());
    }

    private static TextConfig text(JsonSettings text) throws InvalidModelException {
        text.supportsOnly("hidden_act", "silu");
        if (text.flag("use_sliding_window", false)) {
            throw text.refusal("use_sliding_window", "is not supported, " + WHOLE_SEQUENCE);
        }
        if (text.has("layer_types") && !text.texts("layer_types").stream().allMatch("full_attention"::equals)) {
            throw text.refusal("layer_types", "is not supported, " + WHOLE_SEQUENCE);
        }
        int hiddenSize = text.integer("hidden_size");
        int heads = text.integer("num_attention_heads");
        VisionConfig.requirePositive("num_attention_heads", heads);
        int headDim = text.integer("head_dim", hiddenSize / heads);
        if (headDim * heads != hiddenSize) {
            throw new InvalidModelException(
                    text.file(),
                    "%shead_dim = %d and num_attention_heads = %d do not make up hidden_size = %d"
                            .formatted(text.path(), headDim, heads, hiddenSize));
        }
        JsonSettings rope = rope(text);
        return new TextConfig(
                text.integer("vocab_size"),
                hiddenSize,
                text.integer("intermediate_size"),
                text.integer("num_hidden_layers"),
                heads,
                text.integer("num_key_value_heads", heads),
                headDim,
                rope.decimal("rope_theta", text.decimal("rope_theta", 1_000_000)),
                rope.integers("mrope_section"),
                text.decimal("rms_norm_eps", 1e-5),
                text.integer("max_position_embeddings", 32_768));
    }

    /// The rotary settings: `rope_parameters` in newer files, `rope_scaling` in older ones.
    private static JsonSettings rope(JsonSettings text) throws InvalidModelException {
        Optional<JsonSettings> scaling = text.child("rope_scaling");
        JsonSettings rope = (scaling.isPresent() ? scaling : text.child("rope_parameters"))
                .orElseThrow(() -> new InvalidModelException(
                        text.file(), text.path() + "rope_scaling (or rope_parameters) is missing"));
        for (String key : List.of("rope_type", "type")) {
            String type = rope.text(key, "default");
            if (!type.equals("default") && !type.equals("mrope")) {
                throw rope.refusal(key, "is not supported, only \"default\" and \"mrope\" are");
            }
        }
        return rope;
    }

    private static VisionConfig vision(JsonSettings vision) throws InvalidModelException {
        vision.supportsOnly("hidden_act", "silu");
        Optional<JsonSettings> rope = vision.child("rope_parameters");
        if (rope.isPresent() && rope.get().decimal("rope_theta", VISION_THETA) != VISION_THETA) {
            throw rope.get().refusal("rope_theta", "is not supported, only " + VISION_THETA + " is");
        }
        return new VisionConfig(
                vision.integer("depth", 32),
                vision.integer("hidden_size"),
                vision.integer("intermediate_size", 3420),
                vision.integer("num_heads", 16),
                vision.integer("patch_size", 14),
                vision.integer("temporal_patch_size", 2),
                vision.integer("spatial_merge_size", 2),
                vision.integer("window_size", 112),
                vision.has("fullatt_block_indexes") ? vision.integers("fullatt_block_indexes") : List.of(7, 15, 23, 31),
                vision.integer("out_hidden_size"),
                vision.integer("in_channels", vision.integer("in_chans", 3)));
    }
}
