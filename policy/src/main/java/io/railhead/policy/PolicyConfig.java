package io.railhead.policy;

import io.railhead.policy.vision.Backbone;
import io.railhead.policy.vision.ConvolutionalTower;
import io.railhead.policy.vision.Family;
import io.railhead.policy.vision.SubspaceAttention;
import io.railhead.policy.vision.SubspaceAttention.Place;
import io.railhead.policy.vision.TransformerTower;
import io.railhead.policy.vision.VisionConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What `config.json` says of a model: its shape and the tokens that stand for pictures. The decoder is that of
/// Qwen2.5-VL; so is the vision tower, unless `vision_config.model_type` names a convolutional one.
public record PolicyConfig(
        TextConfig text,
        VisionConfig vision,
        int imageTokenId,
        int videoTokenId,
        int visionStartTokenId,
        int visionEndTokenId,
        boolean tieWordEmbeddings,
        String dtype) {
    /// As others write and read it.
    private static final String ARCHITECTURE = "qwen2_5_vl";

    /// With a convolutional tower. Other software does not know it and should not take it for the above.
    private static final String COMPACT = "railhead_compact_vl";

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
        String architecture = root.text("model_type", "");
        if (!architecture.equals(ARCHITECTURE) && !architecture.equals(COMPACT)) {
            throw root.refusal(
                    "model_type", "is not supported, only \"%s\" and \"%s\" are".formatted(ARCHITECTURE, COMPACT));
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
                    architecture.equals(COMPACT) ? convolutional(vision) : transformer(vision),
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

    private static TransformerTower transformer(JsonSettings vision) throws InvalidModelException {
        vision.supportsOnly("hidden_act", "silu");
        Optional<JsonSettings> rope = vision.child("rope_parameters");
        if (rope.isPresent() && rope.get().decimal("rope_theta", VISION_THETA) != VISION_THETA) {
            throw rope.get().refusal("rope_theta", "is not supported, only " + VISION_THETA + " is");
        }
        return new TransformerTower(
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

    private static ConvolutionalTower convolutional(JsonSettings vision) throws InvalidModelException {
        Optional<Family> family = Family.named(vision.text("model_type", ""));
        if (family.isEmpty()) {
            throw vision.refusal("model_type", "is not supported, only " + Family.names() + " are");
        }
        if (vision.integer("temporal_patch_size", 1) != 1) {
            throw vision.refusal("temporal_patch_size", "is not supported, a convolutional tower takes pictures alone");
        }
        List<SubspaceAttention> attention = new ArrayList<>();
        for (JsonSettings each : vision.has("ulsam") ? vision.children("ulsam") : List.<JsonSettings>of()) {
            attention.add(new SubspaceAttention(each.integer("block"), place(each), each.integer("subspaces")));
        }
        Backbone backbone = new Backbone(family.get(), vision.decimal("width_multiplier", 1), attention);
        return new ConvolutionalTower(
                backbone,
                vision.integer("last_block", backbone.blocks().size() - 1),
                vision.integer("patch_size"),
                vision.integer("spatial_merge_size"),
                vision.integer("out_hidden_size"));
    }

    private static Place place(JsonSettings attention) throws InvalidModelException {
        return switch (attention.text("place", "after")) {
            case "after" -> Place.AFTER;
            case "instead_of" -> Place.INSTEAD_OF;
            default -> throw attention.refusal("place", "is neither \"after\" nor \"instead_of\"");
        };
    }
}
