package io.railhead.bench.weights;

import io.railhead.policy.NamedTensor;
import io.railhead.policy.NamedTensor.ElementType;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.WeightsSnapshot;
import io.railhead.transit.Seeds;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// A model's weights in bf16 before and after one step of AdamW with 32-bit master weights.
///
/// Weights are drawn from a normal distribution of the scale of a language model's matrices. Each has gradients of its
/// own: noise of a step around a mean that stays, and that is small against the noise as in reinforcement learning. The
/// moments are those after many such steps. A stretch of weights is drawn and laid down as often as the size asks for;
/// it is longer than anything that the compressor looks at.
final class TwoVersions {
    private static final double SCALE = 0.02;
    private static final double GRADIENT_MEAN = 0.1; // standard deviation over the weights, that of the noise is 1
    private static final double LEARNING_RATE = 1e-6;
    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.999;
    private static final double EPSILON = 1e-8;
    private static final int STEPS = 30;
    private static final int STRETCH = 16 << 20; // elements drawn
    private static final int TENSOR = 32 << 20; // elements

    private final WeightsSnapshot before;
    private final WeightsSnapshot after;
    private final double changedShare;

    private TwoVersions(WeightsSnapshot before, WeightsSnapshot after, double changedShare) {
        this.before = before;
        this.after = after;
        this.changedShare = changedShare;
    }

    WeightsSnapshot before() {
        return before;
    }

    WeightsSnapshot after() {
        return after;
    }

    /// Of the elements whose 16 bits changed.
    double changedShare() {
        return changedShare;
    }

    static TwoVersions draw(long bytes, long seed) {
        int stretch = (int) Math.min(STRETCH, bytes / 2);
        short[] before = new short[stretch];
        short[] after = new short[stretch];
        SplittableRandom random = new SplittableRandom(Seeds.random(seed).nextLong());
        double[] normal = new double[1 << 16];
        Arrays.setAll(normal, _ -> random.nextGaussian());
        int changed = 0;
        for (int i = 0; i < stretch; i++) {
            float master = (float) (random.nextGaussian() * SCALE);
            float updated = (float) (master - LEARNING_RATE * adamUpdate(random, normal));
            before[i] = bits(master);
            after[i] = bits(updated);
            changed += before[i] == after[i] ? 0 : 1;
        }
        return new TwoVersions(laidDown(1, before, bytes), laidDown(2, after, bytes), (double) changed / stretch);
    }

    private static double adamUpdate(SplittableRandom random, double[] normal) {
        double mean = normal[random.nextInt() & 0xFFFF] * GRADIENT_MEAN;
        double first = 0;
        double second = 0;
        int at = random.nextInt();
        for (int step = 0; step < STEPS; step++) {
            double gradient = mean + normal[(at + step * 7919) & 0xFFFF];
            first = BETA_1 * first + (1 - BETA_1) * gradient;
            second = BETA_2 * second + (1 - BETA_2) * gradient * gradient;
        }
        return first / (1 - Math.pow(BETA_1, STEPS)) / (Math.sqrt(second / (1 - Math.pow(BETA_2, STEPS))) + EPSILON);
    }

    private static WeightsSnapshot laidDown(long version, short[] stretch, long bytes) {
        List<NamedTensor> tensors = new ArrayList<>();
        for (long left = bytes / 2; left > 0; left -= TENSOR) {
            long elements = Math.min(TENSOR, left);
            MemorySegment data = NamedTensor.memory(elements * 2);
            for (long at = 0; at < elements; at += stretch.length) {
                int count = (int) Math.min(stretch.length, elements - at);
                MemorySegment.copy(stretch, 0, data, NamedTensor.SHORT, at * 2, count);
            }
            tensors.add(
                    new NamedTensor("layer.%04d".formatted(tensors.size()), ElementType.BF16, List.of(elements), data));
        }
        return new WeightsSnapshot(new PolicyVersion(version), tensors);
    }

    /// To the nearest, ties to even; there is no NaN here.
    private static short bits(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }
}
