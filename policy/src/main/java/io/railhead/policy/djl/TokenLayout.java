package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.MropePositions;
import io.railhead.policy.PatchGrid;
import io.railhead.policy.PolicyConfig;
import io.railhead.policy.TokenIds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A sequence of places for tokens: what stands where, at which rotary position, and which visual token replaces which
/// placeholder. A picture that is shown several times is computed once.
final class TokenLayout {
    private final PolicyConfig config;
    private final int[] ids; // 0 where nothing was put
    private final float[] positions; // [places][3]
    private final List<PatchGrid> pictures = new ArrayList<>();
    private final IdentityHashMap<PatchGrid, Integer> firstFeature = new IdentityHashMap<>();
    private final IntList placeholders = new IntList(); // places
    private final IntList features = new IntList(); // for each placeholder, the visual token among those of `pictures`
    private int featureCount;

    TokenLayout(PolicyConfig config, int places) {
        this.config = config;
        this.ids = new int[places];
        this.positions = new float[Math.multiplyExact(3, places)];
    }

    int places() {
        return ids.length;
    }

    float[] positions() {
        return positions;
    }

    /// Lays a prompt from a place on, and returns the rotary position of the token that follows it.
    ///
    /// @throws io.railhead.policy.PromptRejectedException if placeholders and pictures do not match
    int putPrompt(int first, TokenIds prompt, List<PatchGrid> grids) {
        MropePositions rotary = MropePositions.of(prompt, config, grids);
        int[][] axes = rotary.positions();
        int[] visualTokens = visualTokens(grids);
        int visualToken = 0;
        for (int i = 0; i < prompt.size(); i++) {
            int place = first + i;
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

    /// The pictures shown, each once, for the vision tower. Without patches if there are none.
    VisionLayout visionLayout() {
        return VisionLayout.of(pictures, config.vision());
    }

    /// The input of the decoder, `[places][width]`.
    NDArray embed(TensorScope scope, PolicyNetwork network, Weights weights) {
        VisionLayout vision = visionLayout();
        boolean blind = vision.patchCount() == 0;
        return embed(scope, network, weights, vision, blind ? null : network.features(scope, weights, vision));
    }

    /// The same with each picture computed apart, by weights that do not change.
    NDArray embed(TensorScope scope, PolicyNetwork network, Weights weights, FeatureCache known) {
        NDArray words = network.embed(scope, weights, ids);
        if (pictures.isEmpty()) {
            return words;
        }
        NDArray[] visualTokens = new NDArray[pictures.size()];
        IntList rowOfToken = new IntList();
        for (int i = 0; i < visualTokens.length; i++) {
            VisionFeatures picture = known.of(weights, List.of(pictures.get(i)));
            visualTokens[i] = picture.features();
            int first = rowOfToken.size();
            for (int row : picture.rowOfToken()) {
                rowOfToken.add(first + row);
            }
        }
        return placed(scope, words, scope.call("joined", (Object) visualTokens), rowOfToken.toArray());
    }

    /// The same where the visual tokens are known; null if there are none.
    NDArray embed(
            TensorScope scope,
            PolicyNetwork network,
            Weights weights,
            VisionLayout vision,
            @Nullable NDArray visualTokens) {
        NDArray words = network.embed(scope, weights, ids);
        return visualTokens == null ? words : placed(scope, words, visualTokens, vision.rowOfToken());
    }

    private NDArray placed(TensorScope scope, NDArray words, NDArray visualTokens, int[] rowOfToken) {
        int[] rows = Arrays.stream(features.toArray())
                .map(token -> rowOfToken[token])
                .toArray();
        return scope.call(
                "place_features", words, visualTokens, scope.indices(rows), scope.indices(placeholders.toArray()));
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
