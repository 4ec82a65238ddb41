package io.railhead.policy.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.TorchScriptCalls;
import java.util.Arrays;

/// The arrays of one step: whatever is made in the scope is freed when it closes.
final class TensorScope implements AutoCloseable {
    private final PtSymbolBlock operators;
    private final PtNDManager manager;

    private TensorScope(PtNDManager manager) {
        this.operators = TorchOperators.module();
        this.manager = manager;
    }

    static TensorScope within(PtNDManager parent) {
        return new TensorScope((PtNDManager) parent.newSubManager());
    }

    /// A scope on the default device for what lives long, and the calling thread made ready for passes: no gradients
    /// unless asked for (a fresh thread records them), and operators interpreted.
    static TensorScope ofThisThread() {
        PtNDManager manager = (PtNDManager) NDManager.newBaseManager((Device) null, "PyTorch"); // loads PyTorch
        JniUtils.setGradMode(false);
        TorchScriptCalls.useInterpreter();
        return new TensorScope(manager);
    }

    PtNDManager manager() {
        return manager;
    }

    NDArray floats(float[] values, long... shape) {
        return manager.create(values, new Shape(shape));
    }

    NDArray doubles(double[] values, long... shape) {
        return manager.create(values, new Shape(shape));
    }

    NDArray indices(int[] values) {
        return manager.create(Arrays.stream(values).asLongStream().toArray());
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

    void run(String operator, Object... arguments) {
        TorchScriptCalls.nothing(operators, operator, arguments);
    }

    @Override
    public void close() {
        manager.close();
    }
}
