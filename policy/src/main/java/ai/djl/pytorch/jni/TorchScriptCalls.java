package ai.djl.pytorch.jni;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import java.util.Arrays;

/// Calls methods of a TorchScript module so that gradients flow through them.
///
/// DJL's public way runs modules in inference mode, whose results can never take part in a backward pass. Here the
/// thread's own gradient mode decides. Results belong to the manager that the caller names.
public final class TorchScriptCalls {
    private static final PyTorchLibrary NATIVE = PyTorchLibrary.LIB;

    private TorchScriptCalls() {}

    /// @param arguments `NDArray`, `NDArray[]`, `int[]`, `Integer`, `Double` or `Boolean`
    public static NDArray tensor(PtSymbolBlock module, PtNDManager owner, String method, Object... arguments) {
        long result = run(module, method, arguments);
        try {
            return new PtNDArray(owner, NATIVE.iValueToTensor(result));
        } finally {
            NATIVE.torchDeleteIValue(result);
        }
    }

    public static NDArray[] tensors(PtSymbolBlock module, PtNDManager owner, String method, Object... arguments) {
        long result = run(module, method, arguments);
        try {
            long[] elements = NATIVE.iValueToIValueTuple(result);
            NDArray[] arrays = new NDArray[elements.length];
            for (int i = 0; i < elements.length; i++) {
                arrays[i] = new PtNDArray(owner, NATIVE.iValueToTensor(elements[i]));
                NATIVE.torchDeleteIValue(elements[i]);
            }
            return arrays;
        } finally {
            NATIVE.torchDeleteIValue(result);
        }
    }

    /// The elements of a list of tensors.
    public static NDArray[] list(PtSymbolBlock module, PtNDManager owner, String method, Object... arguments) {
        long result = run(module, method, arguments);
        try {
            return Arrays.stream(NATIVE.iValueToTensorList(result))
                    .mapToObj(handle -> new PtNDArray(owner, handle))
                    .toArray(NDArray[]::new);
        } finally {
            NATIVE.torchDeleteIValue(result);
        }
    }

    public static boolean flag(PtSymbolBlock module, String method, Object... arguments) {
        long result = run(module, method, arguments);
        try {
            return NATIVE.iValueToBool(result);
        } finally {
            NATIVE.torchDeleteIValue(result);
        }
    }

    public static void nothing(PtSymbolBlock module, String method, Object... arguments) {
        NATIVE.torchDeleteIValue(run(module, method, arguments));
    }

    /// The plain interpreter instead of the profiling one, which would specialise and recompile for every new shape.
    /// Holds for the calling thread.
    public static void useInterpreter() {
        NATIVE.setGraphExecutorOptimize(false);
    }

    private static long run(PtSymbolBlock module, String method, Object[] arguments) {
        long[] values = new long[arguments.length];
        try {
            for (int i = 0; i < values.length; i++) {
                values[i] = value(arguments[i]);
            }
            boolean gradientsAllowed = true;
            boolean separateCudaStream = false;
            return NATIVE.moduleRunMethod(module.getHandle(), method, values, gradientsAllowed, separateCudaStream);
        } finally {
            for (long value : values) {
                if (value != 0) {
                    NATIVE.torchDeleteIValue(value);
                }
            }
        }
    }

    private static long value(Object argument) {
        return switch (argument) {
            case PtNDArray array -> NATIVE.iValueFromTensor(array.getHandle());
            case NDArray[] arrays -> {
                long[] handles = new long[arrays.length];
                for (int i = 0; i < handles.length; i++) {
                    handles[i] = ((PtNDArray) arrays[i]).getHandle();
                }
                yield NATIVE.iValueFromTensorList(handles);
            }
            case int[] integers ->
                NATIVE.iValueFromLongList(Arrays.stream(integers).asLongStream().toArray());
            case Integer integer -> NATIVE.iValueFromLong(integer);
            case Double real -> NATIVE.iValueFromDouble(real);
            case Boolean bool -> NATIVE.iValueFromBool(bool);
            default -> throw new IllegalArgumentException("no TorchScript value for " + argument.getClass());
        };
    }
}
