package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.railhead.policy.TextConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The blocks in double precision: values against plain Java, gradients against finite differences of the values.
class OperatorsTest {
    private static final int TOKENS = 6;
    private static final int WIDTH = 8;
    private static final int HEADS = 4;
    private static final int KV_HEADS = 2;
    private static final int INNER = 5;
    private static final double EPSILON = 1e-6;

    private final TensorScope scope = TestDevice.scope();
    private final Random random = new Random(3);

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void decoderBlockIsTheSlowTwinOfRowsThatSeeThemselvesAlone() {
        // Two rows: prefix 0 with ragged continuations 1-2 and 3; causal 4-5.
        check(
                List.of(new RowShape(1, 2, 2), RowShape.causal(2)),
                new int[] {2, 1},
                (from, to) -> to <= from && (from < 4 ? to == 0 || (from < 3) == (to < 3) : to >= 4));
        // One row: prefix 0-1, continuations 2-3 and 4-5.
        check(
                List.of(new RowShape(2, 2, 2)),
                new int[] {2, 2},
                (from, to) -> to <= from && (to < 2 || (from < 4) == (to < 4)));
    }

    private void check(List<RowShape> shapes, int[] continuations, PlainMath.Sight sight) {
        check(PackedRows.of(scope, shapes, continuations, TOKENS), sight);
        check(PackedRows.of(scope, shapes, continuations, -1), sight);
    }

    private void check(PackedRows rows, PlainMath.Sight sight) {
        Block block = new Block();
        NDArray[] angles = block.rotations();
        TextConfig text = new TextConfig(WIDTH, 1, INNER, 1, HEADS, KV_HEADS, 2, 1, List.of(1, 0, 0), EPSILON, 1);
        Function<NDArray[], DecoderBlock> operator =
                in -> new DecoderBlock(Arrays.copyOfRange(in, 1, in.length), angles, rows, text);
        Function<NDArray[], NDArray> output = in -> operator.apply(in).output(scope, in[0]);
        assertThat(output.apply(block.inputs).toDoubleArray()).containsExactly(flat(block.plain(sight)), within(1e-9));
        double[] direction = draw(1, TOKENS * WIDTH)[0];
        Arrays.stream(block.inputs).skip(1).forEach(weight -> weight.setRequiresGradient(true));
        DecoderBlock found = operator.apply(block.inputs);
        NDArray[] results = found.forward(scope, block.inputs[0]);
        NDArray byInput = found.backward(scope, block.inputs[0], results, scope.doubles(direction, TOKENS, WIDTH));
        for (int which = 0; which < block.inputs.length; which++) {
            double[] gradient = (which == 0 ? byInput : block.inputs[which].getGradient()).toDoubleArray();
            assertClose(gradient, differences(output, block.inputs, which, direction), which);
        }
    }

    @Test
    void visionBlockAttendsWithinRaggedAndEvenSegments() {
        int inner = 3;
        NDArray[] in = {
            drawn(TOKENS, WIDTH),
            drawn(WIDTH),
            drawn(3 * WIDTH, WIDTH),
            drawn(3 * WIDTH),
            drawn(WIDTH, WIDTH),
            drawn(WIDTH),
            drawn(WIDTH),
            drawn(inner, WIDTH),
            drawn(inner),
            drawn(inner, WIDTH),
            drawn(inner),
            drawn(WIDTH, inner),
            drawn(WIDTH)
        };
        double[][] angles = draw(TOKENS, WIDTH / 2 / 2);
        NDArray cos = scope.doubles(cos(angles), TOKENS, 1, WIDTH / 2);
        NDArray sin = scope.doubles(sin(angles), TOKENS, 1, WIDTH / 2);
        for (int[] lengths : new int[][] {{3, 3}, {1, 4, 1}, {6}}) {
            AttentionSegments segments = AttentionSegments.of(scope, lengths);
            NDArray mask = segments.mask().toType(DataType.FLOAT64, true);
            Function<NDArray[], NDArray> block = x -> scope.call(
                    "vision_block",
                    x[0],
                    Arrays.copyOfRange(x, 1, x.length),
                    cos,
                    sin,
                    2,
                    segments.count(),
                    segments.gather(),
                    segments.scatter(),
                    mask);
            assertThat(block.apply(in).toDoubleArray())
                    .as(Arrays.toString(lengths))
                    .containsExactly(flat(plainVision(in, angles, segmentOf(lengths))), within(1e-9));
            assertGradients(block, in);
        }
    }

    private static double[][] plainVision(NDArray[] in, double[][] angles, int[] segmentOf) {
        double[][] x = matrix(in[0]);
        double[][] qkv = PlainMath.linear(PlainMath.rmsNorm(x, vector(in[1]), 1e-6), matrix(in[2]), vector(in[3]));
        double[][] q = PlainMath.rotated(columns(qkv, 0, WIDTH), angles, 2);
        double[][] k = PlainMath.rotated(columns(qkv, WIDTH, 2 * WIDTH), angles, 2);
        double[][] v = columns(qkv, 2 * WIDTH, 3 * WIDTH);
        double[][] attended = PlainMath.attention(q, k, v, 2, 2, (from, to) -> segmentOf[from] == segmentOf[to]);
        x = PlainMath.sum(x, PlainMath.linear(attended, matrix(in[4]), vector(in[5])));
        double[][] y = PlainMath.rmsNorm(x, vector(in[6]), 1e-6);
        double[][] gated = PlainMath.gated(
                PlainMath.linear(y, matrix(in[7]), vector(in[8])), PlainMath.linear(y, matrix(in[9]), vector(in[10])));
        return PlainMath.sum(x, PlainMath.linear(gated, matrix(in[11]), vector(in[12])));
    }

    @Test
    void scoresAreLogProbsAndEntropiesAtTheTemperature() {
        NDArray[] in = {drawn(5, 7)};
        int[] ids = {0, 6, 3, 3, 1};
        double inverse = 1.7;
        double[] logProbs = new double[5];
        double[] entropies = new double[5];
        double[][] logits = matrix(in[0]);
        for (int t = 0; t < 5; t++) {
            double total = 0;
            for (double logit : logits[t]) {
                total += Math.exp(inverse * logit);
            }
            logProbs[t] = inverse * logits[t][ids[t]] - Math.log(total);
            for (double logit : logits[t]) {
                double p = Math.exp(inverse * logit) / total;
                entropies[t] -= p * Math.log(p);
            }
        }
        for (int result = 0; result < 2; result++) {
            int which = result;
            Function<NDArray[], NDArray> scores =
                    x -> scope.callAll("token_scores", x[0], scope.indices(ids), inverse)[which];
            assertThat(scores.apply(in).toDoubleArray())
                    .containsExactly(which == 0 ? logProbs : entropies, within(1e-9));
            assertGradients(scores, in);
        }
    }

    @Test
    void theGradientByHandOfScoresIsThatOfAutograd() {
        NDArray ids = scope.indices(new int[] {0, 6, 3, 3, 1});
        double[] byLogProb = draw(1, 5)[0];
        double[] byEntropy = draw(1, 5)[0];
        for (double[] entropyGradient : List.of(byEntropy, new double[0])) {
            NDArray logits = drawn(5, 7);
            logits.setRequiresGradient(true);
            NDArray weights = scope.doubles(byLogProb, 5);
            NDArray entropyWeights = scope.doubles(entropyGradient, entropyGradient.length);
            NDArray loss = TensorScope.recorded(() -> {
                NDArray[] scores = scope.callAll("token_scores", logits, ids, 1.7);
                NDArray sum = scores[0].mul(weights).sum();
                return entropyGradient.length == 0
                        ? sum
                        : sum.add(scores[1].mul(entropyWeights).sum());
            });
            TensorScope.backward(loss, loss.onesLike());
            assertThat(scope.call("score_gradient", logits, ids, weights, entropyWeights, 1.7)
                            .toDoubleArray())
                    .containsExactly(logits.getGradient().toDoubleArray(), within(1e-12));
        }
    }

    @Test
    void featuresReplacePlaceholdersAndTheirGradientsAddUp() {
        NDArray[] in = {drawn(5, 3), drawn(2, 3)};
        Function<NDArray[], NDArray> place = x -> scope.call(
                "place_features", x[0], x[1], scope.indices(new int[] {1, 0, 1}), scope.indices(new int[] {0, 2, 3}));
        double[][] expected = matrix(in[0]);
        double[][] features = matrix(in[1]);
        expected[0] = features[1];
        expected[2] = features[0];
        expected[3] = features[1];
        assertThat(place.apply(in).toDoubleArray()).containsExactly(flat(expected));
        assertGradients(place, in);
    }

    @Test
    void mergerHeadAndEmbeddingHaveTheGradientsOfTheirValues() {
        assertGradients(
                x -> scope.call("vision_merger", x[0], Arrays.copyOfRange(x, 1, x.length), 2),
                drawn(4, 3),
                drawn(3),
                drawn(6, 6),
                drawn(6),
                drawn(5, 6),
                drawn(5));
        assertGradients(
                x -> scope.call("logits", x[0], scope.indices(new int[] {3, 0, 3}), x[1], x[2], EPSILON),
                drawn(4, 3),
                drawn(3),
                drawn(7, 3));
        assertGradients(x -> scope.call("embed", scope.indices(new int[] {2, 0, 2}), x[0]), drawn(4, 3));
        assertGradients(x -> scope.call("patch_embedding", x[0], x[1]), drawn(4, 6), drawn(3, 2, 3));
    }

    /// Projects the result on a fixed random direction and compares its gradient by every input element.
    private void assertGradients(Function<NDArray[], NDArray> operator, NDArray... inputs) {
        for (NDArray input : inputs) {
            input.setRequiresGradient(true);
            JniUtils.zeroGrad((PtNDArray) input);
        }
        JniUtils.setGradMode(true);
        NDArray result = operator.apply(inputs);
        double[] direction = draw(1, (int) result.size())[0];
        NDArray seed = scope.manager().create(direction, result.getShape());
        JniUtils.backward((PtNDArray) result, (PtNDArray) seed, false, false);
        JniUtils.setGradMode(false);
        for (int which = 0; which < inputs.length; which++) {
            double[] gradient = inputs[which].getGradient().toDoubleArray();
            assertClose(gradient, differences(operator, inputs, which, direction), which);
        }
    }

    private static void assertClose(double[] gradient, double[] differences, int input) {
        assertThat(gradient).hasSameSizeAs(differences);
        for (int i = 0; i < differences.length; i++) {
            assertThat(gradient[i])
                    .as("input %d, element %d", input, i)
                    .isCloseTo(differences[i], within(1e-6 * (1 + Math.abs(differences[i]))));
        }
    }

    /// How the result's projection on a direction changes with each element of an input.
    private static double[] differences(
            Function<NDArray[], NDArray> operator, NDArray[] inputs, int which, double[] direction) {
        double[] values = inputs[which].toDoubleArray();
        double[] differences = new double[values.length];
        double step = 1e-5;
        for (int i = 0; i < values.length; i++) {
            double kept = values[i];
            double[] projected = new double[2];
            for (int side = 0; side < 2; side++) {
                values[i] = kept + (side == 0 ? -step : step);
                inputs[which].set(values);
                projected[side] = dot(direction, operator.apply(inputs).toDoubleArray());
            }
            values[i] = kept;
            inputs[which].set(values);
            differences[i] = (projected[1] - projected[0]) / (2 * step);
        }
        return differences;
    }

    /// Inputs of a decoder block and its plain twin.
    private final class Block {
        final double[][] angles = draw(TOKENS, 1);
        final NDArray[] inputs = {
            drawn(TOKENS, WIDTH),
            drawn(WIDTH),
            drawn(WIDTH, WIDTH),
            drawn(WIDTH),
            drawn(WIDTH / 2, WIDTH),
            drawn(WIDTH / 2),
            drawn(WIDTH / 2, WIDTH),
            drawn(WIDTH / 2),
            drawn(WIDTH, WIDTH),
            drawn(WIDTH),
            drawn(INNER, WIDTH),
            drawn(INNER, WIDTH),
            drawn(WIDTH, INNER)
        };

        NDArray[] rotations() {
            return new NDArray[] {scope.doubles(cos(angles), TOKENS, 1, 2), scope.doubles(sin(angles), TOKENS, 1, 2)};
        }

        double[][] plain(PlainMath.Sight sight) {
            double[] none = {};
            double[][] x = matrix(inputs[0]);
            double[][] y = PlainMath.rmsNorm(x, vector(inputs[1]), EPSILON);
            double[][] q = PlainMath.linear(y, matrix(inputs[2]), vector(inputs[3]));
            double[][] k = PlainMath.linear(y, matrix(inputs[4]), vector(inputs[5]));
            double[][] v = PlainMath.linear(y, matrix(inputs[6]), vector(inputs[7]));
            double[][] attended = PlainMath.attention(
                    PlainMath.rotated(q, angles, HEADS),
                    PlainMath.rotated(k, angles, KV_HEADS),
                    v,
                    HEADS,
                    KV_HEADS,
                    sight);
            x = PlainMath.sum(x, PlainMath.linear(attended, matrix(inputs[8]), none));
            y = PlainMath.rmsNorm(x, vector(inputs[9]), EPSILON);
            double[][] gated = PlainMath.gated(
                    PlainMath.linear(y, matrix(inputs[10]), none), PlainMath.linear(y, matrix(inputs[11]), none));
            return PlainMath.sum(x, PlainMath.linear(gated, matrix(inputs[12]), none));
        }
    }

    private NDArray drawn(long... shape) {
        Shape wanted = new Shape(shape);
        return scope.manager().create(draw(1, (int) wanted.size())[0], wanted);
    }

    private double[][] draw(int rows, int columns) {
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            Arrays.setAll(row, i -> random.nextGaussian());
        }
        return values;
    }

    /// Angles once for each half of the head, as the operators take them.
    private static double[] cos(double[][] angles) {
        return Arrays.stream(angles)
                .flatMapToDouble(row -> Arrays.stream(twice(row)).map(Math::cos))
                .toArray();
    }

    private static double[] sin(double[][] angles) {
        return Arrays.stream(angles)
                .flatMapToDouble(row -> Arrays.stream(twice(row)).map(Math::sin))
                .toArray();
    }

    private static double[] twice(double[] row) {
        double[] twice = Arrays.copyOf(row, 2 * row.length);
        System.arraycopy(row, 0, twice, row.length, row.length);
        return twice;
    }

    private static int[] segmentOf(int[] lengths) {
        IntList segments = new IntList();
        for (int segment = 0; segment < lengths.length; segment++) {
            for (int i = 0; i < lengths[segment]; i++) {
                segments.add(segment);
            }
        }
        return segments.toArray();
    }

    private static double[][] matrix(NDArray array) {
        int columns = (int) array.getShape().get(1);
        double[] values = array.toDoubleArray();
        double[][] rows = new double[values.length / columns][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(values, i * columns, (i + 1) * columns);
        }
        return rows;
    }

    private static double[][] columns(double[][] x, int from, int to) {
        return Arrays.stream(x).map(row -> Arrays.copyOfRange(row, from, to)).toArray(double[][]::new);
    }

    private static double[] vector(NDArray array) {
        return array.toDoubleArray();
    }

    private static double[] flat(double[][] rows) {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
