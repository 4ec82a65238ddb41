package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import java.util.List;

/// Chunks laid end to end as the decoder takes them.
final class ChunkLayout {
    private final List<Chunk> chunks;
    private final int[] ids;
    private final float[] positions; // [tokens][3]
    private final int[] places; // in the cache
    private final int[] starts; // [chunks]
    private final int[] counts;
    private final IntList history = new IntList();

    ChunkLayout(List<Chunk> chunks) {
        this.chunks = chunks;
        int tokens = chunks.stream().mapToInt(Chunk::size).sum();
        this.ids = new int[tokens];
        this.positions = new float[3 * tokens];
        this.places = new int[tokens];
        this.starts = chunks.stream().mapToInt(Chunk::start).toArray();
        this.counts = chunks.stream().mapToInt(Chunk::size).toArray();
        int row = 0;
        for (Chunk chunk : chunks) {
            Sequence sequence = chunk.sequence();
            for (int token = chunk.start(); token < chunk.end(); token++, row++) {
                ids[row] = sequence.token(token);
                for (int axis = 0; axis < 3; axis++) {
                    positions[3 * row + axis] = sequence.prompt().position(axis, token);
                }
                places[row] = sequence.place(token);
            }
            for (int token = 0; chunk.start() > 0 && token < chunk.end(); token++) {
                history.add(sequence.place(token));
            }
        }
    }

    float[] positions() {
        return positions;
    }

    NDArray places(TensorScope scope) {
        return scope.indices(places);
    }

    int[] starts() {
        return starts;
    }

    int[] counts() {
        return counts;
    }

    NDArray history(TensorScope scope) {
        return scope.indices(history.toArray());
    }

    /// The row of a chunk's last token.
    int lastRow(int chunk) {
        int row = -1;
        for (int i = 0; i <= chunk; i++) {
            row += counts[i];
        }
        return row;
    }

    /// The embedded tokens, with the pictures' features in place of their placeholders.
    NDArray embed(TensorScope scope, NDArray table) {
        NDArray embedded = scope.call("embed", scope.indices(ids), table);
        int row = 0;
        for (Chunk chunk : chunks) {
            IntList rows = new IntList();
            IntList targets = new IntList();
            for (int token = chunk.start(); token < chunk.end(); token++, row++) {
                int visualToken = chunk.sequence().prompt().visualToken(token);
                if (visualToken >= 0) {
                    rows.add(chunk.features().orElseThrow().rowOfToken()[visualToken]);
                    targets.add(row);
                }
            }
            if (rows.size() > 0) {
                NDArray features = chunk.features().orElseThrow().features();
                embedded = scope.call(
                        "place_features",
                        embedded,
                        features,
                        scope.indices(rows.toArray()),
                        scope.indices(targets.toArray()));
            }
        }
        return embedded;
    }
}
