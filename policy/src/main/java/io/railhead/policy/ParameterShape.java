package io.railhead.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Name and shape of one weight, as the published safetensors files of Qwen2.5-VL have them.
public record ParameterShape(String name, List<Long> shape) {
    /// Names of the vision tower's weights begin so.
    public static final String VISION = "visual.";

    public ParameterShape {
        shape = List.copyOf(shape);
    }

    /// All weights that a configuration asks for, in the order of computation. A tied head has no weight of its own.
    public static List<ParameterShape> of(PolicyConfig config) {
        List<ParameterShape> shapes = new ArrayList<>();
        config.vision().groups().stream()
                .flatMap(List::stream)
                .forEach(weight -> shapes.add(new ParameterShape(VISION + weight.name(), weight.shape())));
        addDecoder(shapes, config.text());
        if (!config.tieWordEmbeddings()) {
            add(
                    shapes,
                    "lm_head.weight",
                    config.text().vocabSize(),
                    config.text().hiddenSize());
        }
        return List.copyOf(shapes);
    }

    /// The published name of a weight, whichever of the known layouts the file has.
    public static String canonicalName(String name) {
        if (name.startsWith("model.language_model.")) {
            return "model." + name.substring("model.language_model.".length());
        }
        return name.startsWith("model.visual.") ? name.substring("model.".length()) : name;
    }

    public long elements() {
        return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
    }

    private static void addDecoder(List<ParameterShape> shapes, TextConfig text) {
        long width = text.hiddenSize();
        long queries = (long) text.heads() * text.headDim();
        long keys = (long) text.kvHeads() * text.headDim();
        add(shapes, "model.embed_tokens.weight", text.vocabSize(), width);
        for (int i = 0; i < text.layers(); i++) {
            String block = "model.layers." + i + ".";
            add(shapes, block + "input_layernorm.weight", width);
            addLinear(shapes, block + "self_attn.q_proj", queries, width);
            addLinear(shapes, block + "self_attn.k_proj", keys, width);
            addLinear(shapes, block + "self_attn.v_proj", keys, width);
            add(shapes, block + "self_attn.o_proj.weight", width, queries);
            add(shapes, block + "post_attention_layernorm.weight", width);
            add(shapes, block + "mlp.gate_proj.weight", text.intermediateSize(), width);
            add(shapes, block + "mlp.up_proj.weight", text.intermediateSize(), width);
            add(shapes, block + "mlp.down_proj.weight", width, text.intermediateSize());
        }
        add(shapes, "model.norm.weight", width);
    }

    private static void addLinear(List<ParameterShape> shapes, String layer, long out, long in) {
        add(shapes, layer + ".weight", out, in);
        add(shapes, layer + ".bias", out);
    }

    private static void add(List<ParameterShape> shapes, String name, long... shape) {
        shapes.add(new ParameterShape(name, Arrays.stream(shape).boxed().toList()));
    }
}
