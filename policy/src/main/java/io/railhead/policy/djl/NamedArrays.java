package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.ComputeType;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.vision.Weight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Stored tensors as native arrays of one type, by name, in the tensors' order. Statistics of batch norm have 32 bits.
///
/// Those in training have masters in 32 bits, leaves that collect gradients: the arrays themselves, or, where passes
/// compute in 16 bits, what the arrays are rounded from. The rounding is part of every graph, so gradients of many
/// passes add up in 32 bits.
final class NamedArrays implements AutoCloseable {
    private final TensorScope own;
    private final ComputeType type;
    private final Map<String, NDArray> byName = new LinkedHashMap<>();
    private final Map<String, NDArray> masters = new LinkedHashMap<>();
    private final List<NamedTensor> shared = new ArrayList<>(); // whose memory arrays lie on

    private NamedArrays(ComputeType type, TensorScope owner) {
        this.own = TensorScope.within(owner);
        this.type = type;
    }

    /// With memory of their own, to be changed.
    ///
    /// @param owner frees the arrays when it closes, if `close` has not done so before
    static NamedArrays of(StoredWeights stored, ComputeType type, TensorScope owner) {
        return inTraining(stored, type, name -> false, owner);
    }

    /// With memory of their own and masters of those named.
    static NamedArrays inTraining(
            StoredWeights stored, ComputeType type, Predicate<String> trained, TensorScope owner) {
        NamedArrays arrays = new NamedArrays(type, owner);
        stored.byName().forEach((name, tensor) -> {
            if (trained.test(name)) {
                NDArray master = TensorMemory.copy(arrays.own, tensor, ComputeType.FLOAT32);
                master.setRequiresGradient(true);
                arrays.masters.put(name, master);
                arrays.byName.put(name, TensorMemory.rounded(arrays.own, master, type));
            } else {
                arrays.byName.put(name, TensorMemory.copy(arrays.own, tensor, typeOf(name, type)));
            }
        });
        return arrays;
    }

    /// To be read only: on the tensors' own memory where it is as the passes need it, else on copies.
    static NamedArrays sharing(StoredWeights stored, ComputeType type, TensorScope owner) {
        NamedArrays arrays = new NamedArrays(type, owner);
        stored.byName().forEach((name, tensor) -> {
            if (TensorMemory.sharable(tensor, typeOf(name, type), arrays.own)) {
                arrays.shared.add(tensor);
                arrays.byName.put(name, TensorMemory.shared(arrays.own, tensor));
            } else {
                arrays.byName.put(name, TensorMemory.copy(arrays.own, tensor, typeOf(name, type)));
            }
        });
        return arrays;
    }

    /// An independent copy without masters.
    NamedArrays copy(TensorScope owner) {
        NamedArrays copies = new NamedArrays(type, owner);
        byName.forEach((name, array) -> copies.byName.put(name, copies.own.call("copy_of", array)));
        return copies;
    }

    /// Takes over the values of others of the same names.
    void assign(NamedArrays others) {
        byName.forEach((name, array) -> own.run("assign", array, others.get(name)));
    }

    /// What replaces all values in place, those of masters as well.
    Runnable replacement(StoredWeights stored) {
        return () -> {
            stored.byName().forEach((name, tensor) -> {
                NDArray target = masters.getOrDefault(name, get(name));
                ComputeType as = masters.containsKey(name) ? ComputeType.FLOAT32 : typeOf(name, type);
                try (NDArray values = TensorMemory.copy(own, tensor, as)) {
                    own.run("assign", target, values);
                }
            });
            roundMasters();
        };
    }

    /// Lets passes see the present values of the masters.
    void roundMasters() {
        if (type != ComputeType.FLOAT32) {
            masters.forEach((name, master) -> own.run("assign", get(name), master));
        }
    }

    ComputeType type() {
        return type;
    }

    /// How many lie on memory of the tensors that they came from.
    int sharedCount() {
        return shared.size();
    }

    /// Those in training, in 32 bits.
    Map<String, NDArray> masters() {
        return masters;
    }

    boolean has(String name) {
        return byName.containsKey(name);
    }

    NDArray get(String name) {
        NDArray array = byName.get(name);
        if (array == null) {
            throw new IllegalArgumentException("no weight " + name);
        }
        return array;
    }

    /// The values as passes see them.
    List<NamedTensor> tensors() {
        return tensors(byName, type);
    }

    /// The values of all those in training, in 32 bits.
    List<NamedTensor> masterTensors() {
        return tensors(masters, ComputeType.FLOAT32);
    }

    private List<NamedTensor> tensors(Map<String, NDArray> arrays, ComputeType as) {
        List<NamedTensor> tensors = new ArrayList<>();
        arrays.forEach((name, array) -> tensors.add(TensorMemory.read(own, name, array, typeOf(name, as))));
        return List.copyOf(tensors);
    }

    /// Batch norm learns its statistics by steps that 16 bits would round away.
    private static ComputeType typeOf(String name, ComputeType type) {
        return Weight.isStatistic(name) ? ComputeType.FLOAT32 : type;
    }

    @Override
    public void close() {
        own.close();
    }
}
