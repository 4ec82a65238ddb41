package io.railhead.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Adapters to begin with, the same for the same seed wherever Java runs: A uniform within `1 / sqrt(in)` as PEFT
/// draws it, B zero, so that they add nothing yet.
public final class InitialAdapters {
    private static final String GENERATOR = "L64X128MixRandom";

    private InitialAdapters() {}

    /// @throws IllegalArgumentException if a target of `lora` is the name of no projection of the model
    public static List<NamedTensor> random(PolicyConfig config, LoraConfig lora, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of(GENERATOR).create(seed);
        List<NamedTensor> tensors = new ArrayList<>();
        for (AdapterShape adapter : AdapterShape.of(config, lora)) {
            float[] a = new float[Math.toIntExact(adapter.a().elements())];
            double bound = 1 / Math.sqrt(adapter.a().shape().get(1));
            for (int i = 0; i < a.length; i++) {
                a[i] = (float) (bound * (2 * random.nextDouble() - 1));
            }
            float[] b = new float[Math.toIntExact(adapter.b().elements())];
            tensors.add(NamedTensor.ofFloats(adapter.a().name(), adapter.a().shape(), a));
            tensors.add(NamedTensor.ofFloats(adapter.b().name(), adapter.b().shape(), b));
        }
        return List.copyOf(tensors);
    }
}
