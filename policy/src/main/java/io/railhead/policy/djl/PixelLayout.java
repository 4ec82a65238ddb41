package io.railhead.policy.djl;

import io.railhead.policy.PatchGrid;
import io.railhead.policy.vision.ConvolutionalTower;
import java.util.ArrayList;
import java.util.List;

/// The pixels of some pictures, those of one size together.
///
/// @param pixels batch after batch, each `[pictures][channels][rows][columns]`
/// @param rowOfToken where visual token i, in the order of placeholders, is among the tower's results: the places of
/// the
///     feature maps, batch after batch
@SuppressWarnings("ArrayRecordComponent") // lives for one pass
record PixelLayout(float[] pixels, List<Batch> batches, int patchCount, int[] rowOfToken) implements VisionLayout {
    /// Pictures of one size, in pixels.
    record Batch(int pictures, int rows, int columns) {}

    PixelLayout {
        batches = List.copyOf(batches);
    }

    static PixelLayout of(List<PatchGrid> pictures, ConvolutionalTower tower) {
        pictures.forEach(picture -> VisionLayout.requireLength(picture, tower.patchLength()));
        return new Builder(pictures, tower).build();
    }

    private static final class Builder {
        private final List<PatchGrid> pictures;
        private final ConvolutionalTower tower;
        private final int merge;
        private final float[] pixels;
        private final int[] rowOfToken;
        private final List<Batch> batches = new ArrayList<>();
        private int pixel; // where the next picture begins
        private int row; // the next visual token, in the tower's order

        Builder(List<PatchGrid> pictures, ConvolutionalTower tower) {
            this.pictures = pictures;
            this.tower = tower;
            this.merge = tower.spatialMergeSize();
            int count = pictures.stream().mapToInt(PatchGrid::patchCount).sum();
            this.pixels = new float[Math.multiplyExact(count, tower.patchLength())];
            this.rowOfToken = new int[count / (merge * merge)];
        }

        PixelLayout build() {
            int[] firstToken = new int[pictures.size()];
            for (int i = 1; i < firstToken.length; i++) {
                firstToken[i] = firstToken[i - 1] + pictures.get(i - 1).visualTokens(merge);
            }
            boolean[] laid = new boolean[pictures.size()];
            for (int i = 0; i < laid.length; i++) {
                if (!laid[i]) {
                    addBatch(i, laid, firstToken);
                }
            }
            return new PixelLayout(pixels, batches, pixels.length / tower.patchLength(), rowOfToken);
        }

        /// All pictures from `first` on that have its size.
        private void addBatch(int first, boolean[] laid, int[] firstToken) {
            PatchGrid like = pictures.get(first);
            int frames = 0;
            for (int i = first; i < laid.length; i++) {
                PatchGrid picture = pictures.get(i);
                if (!laid[i] && picture.gridH() == like.gridH() && picture.gridW() == like.gridW()) {
                    laid[i] = true;
                    addPicture(picture, firstToken[i]);
                    frames += picture.gridT();
                }
            }
            batches.add(new Batch(frames, like.gridH() * tower.patchSize(), like.gridW() * tower.patchSize()));
        }

        private void addPicture(PatchGrid picture, int firstToken) {
            int size = tower.patchSize();
            int tokens = picture.visualTokens(merge);
            int perFrame = tokens / picture.gridT();
            int across = picture.gridW() / merge;
            for (int patch = 0; patch < picture.patchCount(); patch++) {
                int token = patch / (merge * merge) % perFrame;
                int within = patch % (merge * merge);
                int top = (token / across * merge + within / merge) * size;
                int left = (token % across * merge + within % merge) * size;
                int frame = patch / (merge * merge) / perFrame;
                addPatch(picture, patch, pixel + frame * frameLength(picture), top, left);
            }
            pixel += picture.gridT() * frameLength(picture);
            for (int i = 0; i < tokens; i++) {
                rowOfToken[firstToken + i] = row++;
            }
        }

        private int frameLength(PatchGrid picture) {
            return picture.gridH() * picture.gridW() * tower.patchLength();
        }

        private void addPatch(PatchGrid picture, int patch, int frame, int top, int left) {
            int size = tower.patchSize();
            int columns = picture.gridW() * size;
            int plane = picture.gridH() * size * columns;
            int from = patch * tower.patchLength();
            for (int channel = 0; channel < tower.inChannels(); channel++) {
                for (int y = 0; y < size; y++) {
                    System.arraycopy(
                            picture.patches(),
                            from + (channel * size + y) * size,
                            pixels,
                            frame + channel * plane + (top + y) * columns + left,
                            size);
                }
            }
        }
    }
}
