package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.MropePositions;
import io.railhead.policy.PatchGrid;
import io.railhead.policy.PolicyConfig;
import io.railhead.policy.TokenIds;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/// Rows of tokens padded to one length, each beginning with a prompt: what stands where, at which rotary position, and
/// which visual token replaces which placeholder. A picture that several rows show is computed once.
final class TokenLayout {
    private final PolicyConfig config;
    private final int rows;
    private final int time;
    private final int[] ids; // [rows * time], 0 at padding
    private final float[] positions; // [rows * time][3]
    private final List<PatchGrid> pictures = new ArrayList<>();
    private final IdentityHashMap<PatchGrid, Integer> firstFeature = new IdentityHashMap<>();
    private final IntList placeholders = new IntList(); // places
    private final IntList features = new IntList(); // for each placeholder, the visual token among those of `pictures`
    private int featureCount;

    TokenLayout(PolicyConfig config, int rows, int time) {
        this.config = config;
        this.rows = rows;
        this.time = time;
        this.ids = new int[Math.multiplyExact(rows, time)];
        this.positions = new float[3 * ids.length];
    }

    int rows() {
        return rows;
    }

    int time() {
        return time;
    }

    float[] positions() {
        return positions;
    }

    /// Lays a prompt at the beginning of a row, and returns the rotary position of the token that follows it.
    ///
    /// @throws io.railhead.policy.PromptRejectedException if placeholders and pictures do not match
    int putPrompt(int row, TokenIds prompt, List<PatchGrid> grids) {
        MropePositions rotary = MropePositions.of(prompt, config, grids);
        int[][] axes = rotary.positions();
        int[] visualTokens = visualTokens(grids);
        int visualToken = 0;
        for (int i = 0; i < prompt.size(); i++) {
            int place = row * time + i;
            put(place, prompt.get(i), axes[0][i], axes[1][i], axes[2][i]);
            if (prompt.get(i) == config.imageTokenId()) {
                placeholders.add(place);
                features.add(visualTokens[visualToken++]);
            }
        }
        return rotary.next();
    }

    /// Lays a token of plain text.
    void putText(int place, int id, int position) {
        put(place, id, position, position, position);
    }

    /// The input of the decoder, `[rows * time][width]`.
    NDArray embed(TensorScope scope, PolicyNetwork network, Weights weights) {
        NDArray embedded = network.embed(scope, weights, ids);
        if (pictures.isEmpty()) {
            return embedded;
        }
        VisionLayout vision = VisionLayout.of(pictures, config.vision());
        int[] resultRows = features.toArray();
        for (int i = 0; i < resultRows.length; i++) {
            resultRows[i] = vision.rowOfToken()[resultRows[i]];
        }
        return scope.call(
                "place_features",
                embedded,
                network.features(scope, weights, vision),
                scope.indices(resultRows),
                scope.indices(placeholders.toArray()));
    }

    private int[] visualTokens(List<PatchGrid> grids) {
        IntList tokens = new IntList();
        for (PatchGrid grid : grids) {
            int count = grid.visualTokens(config.vision().spatialMergeSize());
            Integer known = firstFeature.putIfAbsent(grid, featureCount);
            int first = known == null ? featureCount : known;
            if (known == null) {
                pictures.add(grid);
                featureCount += count;
            }
            for (int i = 0; i < count; i++) {
                tokens.add(first + i);
            }
        }
        return tokens.toArray();
    }

    private void put(int place, int id, int t, int h, int w) {
        ids[place] = id;
        positions[3 * place] = t;
        positions[3 * place + 1] = h;
        positions[3 * place + 2] = w;
    }
}
