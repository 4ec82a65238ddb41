package io.railhead.policy;

import io.railhead.policy.vision.ConvolutionalTower;
import io.railhead.policy.vision.TransformerTower;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Random weights for a new model, the same for the same seed wherever Java runs.
///
/// Norms and their running variances start at one, biases and running means at zero. `PLAIN` draws matrices with
/// deviation 0.02, as published models do. `MIMETIC`
/// is for pretraining small models: matrices keep the scale of their input, each key projection starts as its query
/// projection and each output projection as its value projection transposed, so that attention begins by looking at
/// what is alike and copying it; embeddings have unit root mean square, and the last norm makes up for it at the head.
public final class InitialWeights {
    /// How matrices are drawn.
    public enum Style {
        PLAIN,
        MIMETIC
    }

    private static final String GENERATOR = "L64X128MixRandom";
    private static final double PLAIN_DEVIATION = 0.02;

    /// Rotary positions take part of the agreement of like tokens away; this gives it back, so that attention finds a
    /// like token among a hundred from the first step on.
    private static final float MIMETIC_ATTENTION_GAIN = 1.3f;

    private final PolicyConfig config;
    private final Style style;
    private final RandomGenerator random;
    private final Map<String, float[]> weights = new LinkedHashMap<>();

    private InitialWeights(PolicyConfig config, Style style, long seed) {
        this.config = config;
        this.style = style;
        this.random = RandomGeneratorFactory.of(GENERATOR).create(seed);
    }

    public static List<NamedTensor> random(PolicyConfig config, Style style, long seed) {
        return new InitialWeights(config, style, seed).draw();
    }

    private List<NamedTensor> draw() {
        List<ParameterShape> shapes = ParameterShape.of(config);
        for (ParameterShape shape : shapes) {
            weights.put(shape.name(), initial(shape));
        }
        if (style == Style.MIMETIC) {
            mimicDecoder(config.text());
            mimicVision();
        }
        List<NamedTensor> tensors = new ArrayList<>();
        for (ParameterShape shape : shapes) {
            tensors.add(NamedTensor.ofFloats(shape.name(), shape.shape(), weight(shape.name())));
        }
        return List.copyOf(tensors);
    }

    private float[] initial(ParameterShape shape) {
        float[] values = new float[Math.toIntExact(shape.elements())];
        if (shape.shape().size() > 1) {
            double deviation = deviation(shape);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * deviation);
            }
        } else if (!shape.name().endsWith(".bias") && !shape.name().endsWith(".running_mean")) {
            Arrays.fill(values, 1);
        }
        return values;
    }

    private double deviation(ParameterShape shape) {
        if (style == Style.PLAIN) {
            return PLAIN_DEVIATION;
        }
        if (shape.name().equals("model.embed_tokens.weight")) {
            return 1;
        }
        double keepsScale =
                1 / Math.sqrt((double) shape.elements() / shape.shape().getFirst());
        boolean addsToDecoder =
                shape.name().startsWith("model.layers.") && shape.name().endsWith(".mlp.down_proj.weight");
        return addsToDecoder ? keepsScale / Math.sqrt(2.0 * config.text().layers()) : keepsScale;
    }

    private void mimicDecoder(TextConfig text) {
        int width = text.hiddenSize();
        int headDim = text.headDim();
        int repeats = text.heads() / text.kvHeads();
        for (int layer = 0; layer < text.layers(); layer++) {
            String attention = "model.layers." + layer + ".self_attn.";
            float[] q = weight(attention + "q_proj.weight"); // [heads * headDim][width]
            for (int i = 0; i < q.length; i++) {
                q[i] *= MIMETIC_ATTENTION_GAIN;
            }
            float[] k = weight(attention + "k_proj.weight"); // [kvHeads * headDim][width]
            float[] v = weight(attention + "v_proj.weight");
            float[] o = weight(attention + "o_proj.weight"); // [width][heads * headDim]
            for (int kvHead = 0; kvHead < text.kvHeads(); kvHead++) {
                int block = headDim * width;
                System.arraycopy(q, kvHead * repeats * block, k, kvHead * block, block);
            }
            for (int row = 0; row < width; row++) {
                for (int column = 0; column < text.heads() * headDim; column++) {
                    int kvRow = column / headDim / repeats * headDim + column % headDim;
                    o[row * text.heads() * headDim + column] = v[kvRow * width + row] / repeats;
                }
            }
        }
        if (config.tieWordEmbeddings()) {
            Arrays.fill(weight("model.norm.weight"), (float) (1 / Math.sqrt(width)));
        }
    }

    private void mimicVision() {
        switch (config.vision()) {
            case TransformerTower tower -> mimicAttention(tower);
            case ConvolutionalTower _ -> {} // batch norm keeps the scale, and there is nothing to mimic
        }
    }

    private void mimicAttention(TransformerTower vision) {
        int width = vision.hiddenSize();
        for (int block = 0; block < vision.depth(); block++) {
            String attention = "visual.blocks." + block + ".attn.";
            float[] qkv = weight(attention + "qkv.weight"); // [3][width][width]
            float[] proj = weight(attention + "proj.weight"); // [width][width]
            System.arraycopy(qkv, 0, qkv, width * width, width * width);
            for (int row = 0; row < width; row++) {
                for (int column = 0; column < width; column++) {
                    proj[row * width + column] = qkv[2 * width * width + column * width + row];
                }
            }
        }
    }

    private float[] weight(String name) {
        float[] values = weights.get(name);
        if (values == null) {
            throw new IllegalStateException("no weight " + name);
        }
        return values;
    }
}
