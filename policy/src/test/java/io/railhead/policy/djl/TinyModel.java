package io.railhead.policy.djl;

import io.railhead.policy.EncodedImage;
import io.railhead.policy.InitialWeights;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.SafetensorsFile;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;

/// A model folder with a few thousand random weights: byte-level tokenizer, two decoder layers, a vision tower with one
/// block of window attention and one of full attention, or a convolutional one with attention behind a block and in the
/// place of one.
final class TinyModel {
    static final int IMAGE_TOKEN = 260;
    static final int END_TOKEN = 259;
    static final int VOCABULARY = 270;

    private static final String VISION = """
            {"model_type": "qwen2_5_vl", "depth": 2, "hidden_size": 16, "intermediate_size": 24,
               "num_heads": 2, "patch_size": 4, "temporal_patch_size": 2, "spatial_merge_size": 2, "window_size": 16,
               "fullatt_block_indexes": [1], "out_hidden_size": 32, "in_channels": 3, "hidden_act": "silu"}""";

    private static final String CONVOLUTIONAL_VISION = """
            {"model_type": "mobilenet_v2", "width_multiplier": 0.1, "last_block": 6,
               "ulsam": [{"block": 4, "place": "after", "subspaces": 2},
                         {"block": 5, "place": "instead_of", "subspaces": 4}],
               "patch_size": 4, "spatial_merge_size": 2, "out_hidden_size": 32}""";

    /// What sees the pictures: both towers make a visual token of 8 x 8 pixels.
    enum Tower {
        TRANSFORMER,
        CONVOLUTIONAL
    }

    private TinyModel() {}

    static ModelDirectory create(Path folder) {
        return create(folder, true);
    }

    static ModelDirectory create(Path folder, boolean tied) {
        return create(folder, tied, Tower.TRANSFORMER);
    }

    static ModelDirectory create(Path folder, Tower tower) {
        return create(folder, true, tower);
    }

    private static ModelDirectory create(Path folder, boolean tied, Tower tower) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("config.json"), config(tied, tower));
            Files.writeString(folder.resolve("preprocessor_config.json"), processor(tower));
            Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
            ModelDirectory model = ModelDirectory.open(folder);
            SafetensorsFile.write(
                    folder.resolve("model.safetensors"),
                    InitialWeights.random(model.config(), InitialWeights.Style.MIMETIC, 7),
                    Map.of());
            return model;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String processor(Tower tower) {
        return """
            {"min_pixels": 64, "max_pixels": 4096, "patch_size": 4, "temporal_patch_size": %d, "merge_size": 2}
            """.formatted(tower == Tower.TRANSFORMER ? 2 : 1);
    }

    private static String config(boolean tied, Tower tower) {
        String type = tower == Tower.TRANSFORMER ? "qwen2_5_vl" : "railhead_compact_vl";
        return """
            {"model_type": "%s", "dtype": "float32",
             "image_token_id": 260, "vision_start_token_id": 261, "vision_end_token_id": 262,
             "tie_word_embeddings": %s, "eos_token_id": 259,
             "text_config": {"model_type": "qwen2_5_vl_text", "vocab_size": 270, "hidden_size": 32,
               "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
               "max_position_embeddings": 512, "rms_norm_eps": 1e-6, "hidden_act": "silu",
               "rope_parameters": {"rope_type": "default", "rope_theta": 1000000.0, "mrope_section": [2, 1, 1]}},
             "vision_config": %s}
            """.formatted(type, tied, tower == Tower.TRANSFORMER ? VISION : CONVOLUTIONAL_VISION);
    }

    /// A picture of random rectangles.
    static EncodedImage picture(int width, int height, long seed) {
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = image.createGraphics();
        for (int i = 0; i < 12; i++) {
            graphics.setColor(new Color(random.nextInt(1 << 24)));
            graphics.fillRect(random.nextInt(width), random.nextInt(height), width / 3, height / 3);
        }
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return EncodedImage.of(bytes.toByteArray());
    }

    /// Byte-level BPE without merges: one token a byte, and the special tokens of the chat template.
    private static String tokenizer() {
        StringBuilder vocabulary = new StringBuilder();
        int shifted = 0;
        for (int value = 0; value < 256; value++) {
            boolean printable = (value >= 33 && value <= 126) || (value >= 161 && value <= 172) || value >= 174;
            String character = Character.toString(printable ? value : 256 + shifted++);
            String escaped = character.replace("\\", "\\\\").replace("\"", "\\\"");
            vocabulary
                    .append(value == 0 ? "" : ",")
                    .append("\"")
                    .append(escaped)
                    .append("\":")
                    .append(value);
        }
        StringBuilder added = new StringBuilder();
        String[] special = {
            "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|image_pad|>", "<|vision_start|>", "<|vision_end|>"
        };
        for (int i = 0; i < special.length; i++) {
            added.append(i == 0 ? "" : ",").append("""
                    {"id": %d, "content": "%s", "single_word": false, "lstrip": false, "rstrip": false,
                     "normalized": false, "special": true}""".formatted(257 + i, special[i]));
        }
        return """
                {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [%s], "normalizer": null,
                 "pre_tokenizer":
                   {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false},
                 "post_processor": null,
                 "decoder":
                   {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false},
                 "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": "",
                   "end_of_word_suffix": "", "fuse_unk": false, "byte_fallback": false, "vocab": {%s}, "merges": []}}
                """.formatted(added, vocabulary);
    }
}
