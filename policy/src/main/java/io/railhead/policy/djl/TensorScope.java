package io.railhead.policy.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.TorchScriptCalls;
import java.util.Arrays;
import java.util.function.Supplier;

/// The arrays of one step: whatever is made in the scope is freed when it closes.
final class TensorScope implements AutoCloseable {
    private static final String ENGINE = "PyTorch";

    private final PtSymbolBlock operators;
    private final PtNDManager manager;

    private TensorScope(PtNDManager manager) {
        this.operators = TorchOperators.module();
        this.manager = manager;
    }

    static TensorScope within(PtNDManager parent) {
        return new TensorScope((PtNDManager) parent.newSubManager());
    }

    /// A scope that closes with its parent, if not before.
    static TensorScope within(TensorScope parent) {
        return within(parent.manager);
    }

    /// A scope on the processor for what lives long, and the calling thread made ready for passes: no gradients
    /// unless asked for (a fresh thread records them), and operators interpreted.
    static TensorScope ofThisThread() {
        return ofThisThread(Device.cpu());
    }

    /// The same on another device, by the name that `ComputeOptions` has for it.
    ///
    /// @throws DeviceMissingException if the machine, or the native library that it loaded, does not have
    ///     it
    static TensorScope ofThisThread(String device) throws DeviceMissingException {
        if (device.equals("cpu")) {
            return ofThisThread();
        }
        int number = Integer.parseInt(device.substring("cuda:".length()));
        Engine engine = Engine.getEngine(ENGINE); // loads PyTorch
        int present = JniUtils.getFeatures().contains("CUDA") ? engine.getGpuCount() : 0;
        if (number >= present) {
            throw new DeviceMissingException(device, present);
        }
        return ofThisThread(Device.gpu(number));
    }

    private static TensorScope ofThisThread(Device device) {
        PtNDManager manager = (PtNDManager) NDManager.newBaseManager(device, ENGINE); // loads PyTorch
        JniUtils.setGradMode(false);
        TorchScriptCalls.useInterpreter();
        return new TensorScope(manager);
    }

    PtNDManager manager() {
        return manager;
    }

    boolean onCpu() {
        return !manager.getDevice().isGpu();
    }

    NDArray floats(float[] values, long... shape) {
        return manager.create(values, new Shape(shape));
    }

    /// An array of one value and no axis.
    NDArray scalar(float value) {
        return manager.create(new float[] {value}, new Shape());
    }

    NDArray doubles(double[] values, long... shape) {
        return manager.create(values, new Shape(shape));
    }

    NDArray indices(int[] values) {
        return manager.create(Arrays.stream(values).asLongStream().toArray());
    }

    NDArray indices(long[] values, long... shape) {
        return manager.create(values, new Shape(shape));
    }

    /// An array without elements, which operators take for "none".
    NDArray none() {
        return manager.create(new float[0]);
    }

    NDArray call(String operator, Object... arguments) {
        return TorchScriptCalls.tensor(operators, manager, operator, arguments);
    }

    NDArray[] callAll(String operator, Object... arguments) {
        return TorchScriptCalls.tensors(operators, manager, operator, arguments);
    }

    NDArray[] callForList(String operator, Object... arguments) {
        return TorchScriptCalls.list(operators, manager, operator, arguments);
    }

    void run(String operator, Object... arguments) {
        TorchScriptCalls.nothing(operators, operator, arguments);
    }

    /// The same values as the beginning of a graph of its own, which collects the gradient by them.
    NDArray leaf(NDArray x) {
        NDArray leaf = call("detached", x);
        leaf.setRequiresGradient(true);
        return leaf;
    }

    /// Runs a computation with the thread recording gradients, which it otherwise does not.
    static <T> T recorded(Supplier<T> computation) {
        JniUtils.setGradMode(true);
        try {
            return computation.get();
        } finally {
            JniUtils.setGradMode(false);
        }
    }

    /// Whether `x` was computed from something that collects gradients.
    boolean hasGraph(NDArray x) {
        return TorchScriptCalls.flag(operators, "has_graph", x); // DJL's own question is about the gradient
    }

    /// Sends a gradient by `output` back through its graph, which is gone after it.
    static void backward(NDArray output, NDArray gradient) {
        boolean keepGraph = false;
        boolean ofHigherOrder = false;
        JniUtils.backward((PtNDArray) output, (PtNDArray) gradient, keepGraph, ofHigherOrder);
    }

    /// Adds gradients computed by hand to what the weights have collected: `gradients[first + i]` is that of weight i,
    /// empty if it is not trained.
    void collect(NDArray[] weights, NDArray[] gradients, int first) {
        for (int i = 0; i < weights.length; i++) {
            if (gradients[first + i].size() > 0) {
                backward(weights[i], gradients[first + i]);
            }
            gradients[first + i].close();
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
