package io.railhead.policy;

import java.util.List;

/// Rotary positions of a sequence along time, height and width, and the position of the token that follows it.
///
/// Text counts up along all three. The tokens of a picture share one time and spread over rows and columns; the text
/// behind it goes on after the picture's longer side.
@SuppressWarnings("ArrayRecordComponent") // handed straight to the decoder, never in a message
public record MropePositions(int[][] positions, int next) { // [3][tokens]

    /// @param tokens with the placeholders expanded, one a visual token
    /// @param grids the pictures, in the order of their placeholders
    /// @throws PromptRejectedException if placeholders and pictures do not match, a placeholder is a video's, a
    ///     token is not in the vocabulary, or there are more tokens than positions
    public static MropePositions of(TokenIds tokens, PolicyConfig config, List<PatchGrid> grids) {
        if (tokens.size() > config.text().maxPositions()) {
            throw new PromptRejectedException("%d tokens are more than the %d positions of the policy"
                    .formatted(tokens.size(), config.text().maxPositions()));
        }
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i) >= config.text().vocabSize()) {
                throw new PromptRejectedException("token %d is %d, beyond the vocabulary of %d"
                        .formatted(i, tokens.get(i), config.text().vocabSize()));
            }
            if (tokens.get(i) == config.videoTokenId()) {
                throw new PromptRejectedException("token %d is a video placeholder (%d), and videos are not supported"
                        .formatted(i, config.videoTokenId()));
            }
        }
        return of(tokens, config.imageTokenId(), grids, config.vision().spatialMergeSize());
    }

    static MropePositions of(TokenIds tokens, int imageTokenId, List<PatchGrid> grids, int mergeSize) {
        int[][] positions = new int[3][tokens.size()];
        int next = 0;
        int picture = 0;
        for (int i = 0; i < tokens.size(); ) {
            if (tokens.get(i) != imageTokenId) {
                positions[0][i] = positions[1][i] = positions[2][i] = next++;
                i++;
                continue;
            }
            if (picture == grids.size()) {
                throw mismatch(tokens, imageTokenId, grids, mergeSize);
            }
            PatchGrid grid = grids.get(picture++);
            int rows = grid.gridH() / mergeSize;
            int columns = grid.gridW() / mergeSize;
            int count = grid.visualTokens(mergeSize);
            for (int token = 0; token < count; token++, i++) {
                if (i == tokens.size() || tokens.get(i) != imageTokenId) {
                    throw mismatch(tokens, imageTokenId, grids, mergeSize);
                }
                positions[0][i] = next + token / (rows * columns);
                positions[1][i] = next + token / columns % rows;
                positions[2][i] = next + token % columns;
            }
            next += Math.max(rows, columns);
        }
        if (picture != grids.size()) {
            throw mismatch(tokens, imageTokenId, grids, mergeSize);
        }
        return new MropePositions(positions, next);
    }

    private static PromptRejectedException mismatch(
            TokenIds tokens, int imageTokenId, List<PatchGrid> grids, int mergeSize) {
        return new PromptRejectedException("%d image placeholders (token %d) for pictures of %s visual tokens"
                .formatted(
                        tokens.stream().filter(id -> id == imageTokenId).count(),
                        imageTokenId,
                        grids.stream().map(g -> g.visualTokens(mergeSize)).toList()));
    }
}
