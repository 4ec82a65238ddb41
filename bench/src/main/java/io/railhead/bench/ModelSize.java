package io.railhead.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// Shapes of random models to measure on. All are Qwen2.5-VL with the embedded model's tokenizer and picture size.
enum ModelSize {
    /// The embedded model: 1.1 million parameters.
    EMBEDDED("embedded"),
    /// 5.2 million parameters.
    SMALL("5m"),
    /// 101 million parameters.
    MEDIUM("100m");

    private static final JsonMapper JSON = new JsonMapper();

    private final String wireName;

    ModelSize(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }

    static Optional<ModelSize> of(String name) {
        return Arrays.stream(values())
                .filter(size -> size.wireName.equals(name))
                .findFirst();
    }

    static String known() {
        return Arrays.stream(values()).map(ModelSize::wireName).collect(Collectors.joining(", "));
    }

    /// Turns the embedded model's `config.json` into that of this size.
    void writeConfig(Path file) throws IOException {
        ObjectNode config = (ObjectNode) JSON.readTree(file.toFile());
        ObjectNode text = config.withObject("text_config");
        ObjectNode vision = config.withObject("vision_config");
        switch (this) {
            case EMBEDDED -> {}
            case SMALL -> {
                text(text, 4096, 256, 768, 4, 8, 2, new int[] {4, 6, 6});
                vision(vision, 128, 256, 4, 4, 256);
            }
            case MEDIUM -> {
                text(text, 32_768, 640, 1792, 14, 10, 2, new int[] {8, 12, 12});
                vision(vision, 384, 1024, 8, 6, 640);
            }
        }
        config.put("dtype", "float32");
        JSON.writeValue(file.toFile(), config);
    }

    private static void text(
            ObjectNode text, int vocabulary, int width, int inner, int layers, int heads, int kvHeads, int[] sections) {
        text.put("vocab_size", vocabulary)
                .put("hidden_size", width)
                .put("intermediate_size", inner)
                .put("num_hidden_layers", layers)
                .put("num_attention_heads", heads)
                .put("num_key_value_heads", kvHeads);
        var mrope = text.withObject("rope_parameters").putArray("mrope_section");
        Arrays.stream(sections).forEach(mrope::add);
    }

    private static void vision(ObjectNode vision, int width, int inner, int depth, int heads, int outWidth) {
        vision.put("hidden_size", width)
                .put("intermediate_size", inner)
                .put("depth", depth)
                .put("num_heads", heads)
                .put("out_hidden_size", outWidth)
                .putArray("fullatt_block_indexes")
                .add(depth - 1);
    }
}
