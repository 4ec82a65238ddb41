package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.railhead.policy.ComputeType;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.NamedTensor.ElementType;
import io.railhead.policy.OptimizerStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// AdamW with decoupled weight decay on matrices (not on norms and biases), after clipping to a global norm.
///
/// Weights without a gradient in a pass (the vision tower after text alone) count as having gradient zero.
final class AdamW {
    private static final String FIRST = "first_moment.";
    private static final String SECOND = "second_moment.";
    private static final String MASTER = "master.";
    private static final String STEP = "step";

    private final TensorScope owner;
    private final List<String> names;
    private final NDArray[] weights;
    private final NDArray[] firstMoments;
    private final NDArray[] secondMoments;
    private final NDArray step; // a count, as the native update takes it: a scalar of 32 bits
    private final int[] matrices; // indices of weights with and without decay
    private final int[] vectors;

    /// @param weights those to be trained, by name: leaves that collect their gradients
    AdamW(Map<String, NDArray> weights, TensorScope owner) {
        this.owner = owner;
        this.names = List.copyOf(weights.keySet());
        this.weights = weights.values().toArray(NDArray[]::new);
        this.firstMoments = zeros(owner);
        this.secondMoments = zeros(owner);
        this.step = owner.floats(new float[1]);
        this.matrices = indices(true);
        this.vectors = indices(false);
    }

    /// Clips and applies the collected gradients and clears them; if their norm is not finite, only clears.
    double apply(OptimizerStep settings, TensorScope scope) {
        NDArray[] gradients = new NDArray[weights.length];
        for (int i = 0; i < weights.length; i++) {
            gradients[i] = weights[i].getGradient();
            gradients[i].attach(scope.manager()); // else it would stay as long as the weight
        }
        double norm = scope.call("clip", gradients, settings.maxGradientNorm()).getFloat();
        if (Double.isFinite(norm)) {
            step.addi(1);
            update(settings, scope, gradients, matrices, settings.weightDecay());
            update(settings, scope, gradients, vectors, 0);
        }
        clearGradients();
        return norm;
    }

    void clearGradients() {
        for (NDArray weight : weights) {
            JniUtils.zeroGrad((PtNDArray) weight);
        }
    }

    /// The moments and the step count, under the weights' names.
    ///
    /// @param withWeights also the weights, for those who keep them elsewhere only rounded
    List<NamedTensor> tensors(boolean withWeights) {
        List<NamedTensor> tensors = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            if (withWeights) {
                tensors.add(TensorMemory.read(owner, MASTER + names.get(i), weights[i], ComputeType.FLOAT32));
            }
            tensors.add(TensorMemory.read(owner, FIRST + names.get(i), firstMoments[i], ComputeType.FLOAT32));
            tensors.add(TensorMemory.read(owner, SECOND + names.get(i), secondMoments[i], ComputeType.FLOAT32));
        }
        tensors.add(NamedTensor.ofLong(STEP, (long) step.getFloat()));
        return List.copyOf(tensors);
    }

    /// Checks what `tensors` gave, and returns what then takes it over; weights if they are there.
    ///
    /// @throws IllegalArgumentException if a tensor is missing or of another shape
    Runnable restore(List<NamedTensor> tensors, TensorScope scope) {
        Map<String, NamedTensor> given = new HashMap<>();
        tensors.forEach(tensor -> given.put(tensor.name(), tensor));
        List<Runnable> assignments = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            if (given.containsKey(MASTER + names.get(i))) {
                assignments.add(assignment(given, MASTER + names.get(i), weights[i], scope));
            }
            assignments.add(assignment(given, FIRST + names.get(i), firstMoments[i], scope));
            assignments.add(assignment(given, SECOND + names.get(i), secondMoments[i], scope));
        }
        NamedTensor count = given.get(STEP);
        if (count == null || count.type() != ElementType.I64 || !count.shape().equals(List.of(1L))) {
            throw new IllegalArgumentException("optimizer state \"" + STEP + "\" is missing or no single I64");
        }
        long steps = count.data().get(NamedTensor.LONG, 0);
        assignments.add(
                () -> scope.run("assign", step, scope.floats(new float[] {steps}))); // NDArray.set prints a warning
        return () -> assignments.forEach(Runnable::run);
    }

    private static Runnable assignment(Map<String, NamedTensor> given, String name, NDArray target, TensorScope scope) {
        NamedTensor tensor = given.get(name);
        List<Long> shape = Arrays.stream(target.getShape().getShape()).boxed().toList();
        if (tensor == null || !tensor.shape().equals(shape)) {
            throw new IllegalArgumentException("optimizer state %s is %s instead of %s"
                    .formatted(name, tensor == null ? "missing" : tensor.shape(), shape));
        }
        return () -> scope.run("assign", target, TensorMemory.copy(scope, tensor, ComputeType.FLOAT32));
    }

    private void update(OptimizerStep settings, TensorScope scope, NDArray[] gradients, int[] which, double decay) {
        if (which.length == 0) {
            return;
        }
        NDArray[] steps = new NDArray[which.length];
        Arrays.fill(steps, step);
        scope.run(
                "adamw",
                pick(weights, which),
                pick(gradients, which),
                pick(firstMoments, which),
                pick(secondMoments, which),
                steps,
                settings.learningRate(),
                settings.beta1(),
                settings.beta2(),
                decay,
                settings.epsilon());
    }

    private NDArray[] zeros(TensorScope owner) {
        return Arrays.stream(weights)
                .map(weight -> owner.manager().zeros(weight.getShape()))
                .toArray(NDArray[]::new);
    }

    private int[] indices(boolean ofMatrices) {
        IntList indices = new IntList();
        for (int i = 0; i < weights.length; i++) {
            if (weights[i].getShape().dimension() > 1 == ofMatrices) {
                indices.add(i);
            }
        }
        return indices.toArray();
    }

    private static NDArray[] pick(NDArray[] arrays, int[] which) {
        return Arrays.stream(which).mapToObj(i -> arrays[i]).toArray(NDArray[]::new);
    }
}
