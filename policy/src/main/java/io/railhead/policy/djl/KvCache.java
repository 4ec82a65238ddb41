package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.railhead.policy.TextConfig;

/// Keys and values of all layers for a fixed number of sequences, `[slots][capacity][kv heads][head width]` each.
/// Allocated once; a slot's contents beyond its sequence's length are leftovers that nothing reads.
final class KvCache {
    private final NDArray[] keys; // [layers]
    private final NDArray[] values;

    KvCache(TextConfig text, EngineLimits limits, TensorScope owner) {
        Shape shape = new Shape(limits.slots(), limits.slotTokens(), text.kvHeads(), text.headDim());
        this.keys = new NDArray[text.layers()];
        this.values = new NDArray[text.layers()];
        for (int layer = 0; layer < text.layers(); layer++) {
            keys[layer] = owner.manager().zeros(shape);
            values[layer] = owner.manager().zeros(shape);
        }
    }

    NDArray keys(int layer) {
        return keys[layer];
    }

    NDArray values(int layer) {
        return values[layer];
    }

    /// Copies row `rows[i]` of a prefilled batch into slot `slots[i]`.
    void store(
            TensorScope scope, int layer, NDArray newKeys, NDArray newValues, int batch, NDArray rows, NDArray slots) {
        scope.run("store_prompts", keys[layer], newKeys, batch, rows, slots);
        scope.run("store_prompts", values[layer], newValues, batch, rows, slots);
    }

    /// Copies the first `length` places of one slot over those of another.
    void move(TensorScope scope, int source, int target, int length) {
        for (int layer = 0; layer < keys.length; layer++) {
            scope.run("move_slot", keys[layer], source, target, length);
            scope.run("move_slot", values[layer], source, target, length);
        }
    }
}
