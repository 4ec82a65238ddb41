package io.railhead.policy.djl;

import io.railhead.policy.PatchGrid;
import io.railhead.policy.vision.TransformerTower;
import java.util.List;

/// The patches of some pictures in the order in which the vision transformer computes them: picture by picture, frame
/// by
/// frame, window by window, so that each window's patches are consecutive.
///
/// @param patches `[patches][patch length]`
/// @param positions row and column of each patch in its picture, `[patches][2]`
/// @param frames patches of each frame: the reach of full attention
/// @param windows patches of each window
/// @param rowOfToken where visual token i, in the order of placeholders, is among the tower's results
@SuppressWarnings("ArrayRecordComponent") // lives for one pass
record PatchLayout(float[] patches, float[] positions, int[] frames, int[] windows, int[] rowOfToken)
        implements VisionLayout {

    static PatchLayout of(List<PatchGrid> pictures, TransformerTower vision) {
        return new Builder(pictures, vision).build();
    }

    @Override
    public int patchCount() {
        return positions.length / 2;
    }

    private static final class Builder {
        private final List<PatchGrid> pictures;
        private final int merge;
        private final int unit; // patches of one visual token, consecutive in a PatchGrid
        private final int windowCells; // visual tokens along a window's side
        private final int patchLength;
        private final float[] patches;
        private final float[] positions;
        private final int[] rowOfToken;
        private final IntList frames = new IntList();
        private final IntList windows = new IntList();
        private int row; // the next visual token, in the tower's order

        Builder(List<PatchGrid> pictures, TransformerTower vision) {
            this.pictures = pictures;
            this.merge = vision.spatialMergeSize();
            this.unit = merge * merge;
            this.windowCells = vision.windowSize() / merge / vision.patchSize();
            this.patchLength = vision.patchLength();
            int count = pictures.stream().mapToInt(PatchGrid::patchCount).sum();
            this.patches = new float[Math.multiplyExact(count, patchLength)];
            this.positions = new float[2 * count];
            this.rowOfToken = new int[count / unit];
        }

        PatchLayout build() {
            int firstToken = 0;
            for (PatchGrid picture : pictures) {
                VisionLayout.requireLength(picture, patchLength);
                int tokensPerFrame = picture.gridH() * picture.gridW() / unit;
                for (int frame = 0; frame < picture.gridT(); frame++) {
                    addFrame(picture, frame * tokensPerFrame, firstToken);
                    frames.add(tokensPerFrame * unit);
                }
                firstToken += picture.visualTokens(merge);
            }
            return new PatchLayout(patches, positions, frames.toArray(), windows.toArray(), rowOfToken);
        }

        private void addFrame(PatchGrid picture, int firstOfFrame, int firstOfPicture) {
            int rows = picture.gridH() / merge;
            int columns = picture.gridW() / merge;
            for (int top = 0; top < rows; top += windowCells) {
                for (int left = 0; left < columns; left += windowCells) {
                    int bottom = Math.min(top + windowCells, rows);
                    int right = Math.min(left + windowCells, columns);
                    for (int y = top; y < bottom; y++) {
                        for (int x = left; x < right; x++) {
                            addToken(picture, firstOfFrame + y * columns + x, firstOfPicture, y, x);
                        }
                    }
                    windows.add((bottom - top) * (right - left) * unit);
                }
            }
        }

        private void addToken(PatchGrid picture, int token, int firstOfPicture, int y, int x) {
            System.arraycopy(
                    picture.patches(),
                    token * unit * patchLength,
                    patches,
                    row * unit * patchLength,
                    unit * patchLength);
            for (int i = 0; i < unit; i++) {
                positions[2 * (row * unit + i)] = y * merge + i / merge;
                positions[2 * (row * unit + i) + 1] = x * merge + i % merge;
            }
            rowOfToken[firstOfPicture + token] = row++;
        }
    }
}
