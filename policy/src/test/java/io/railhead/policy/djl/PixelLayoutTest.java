package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.policy.PatchGrid;
import io.railhead.policy.vision.Backbone;
import io.railhead.policy.vision.ConvolutionalTower;
import io.railhead.policy.vision.Family;
import java.util.List;
import org.junit.jupiter.api.Test;

class PixelLayoutTest {
    /// 1 x 1 visual token is 2 x 2 patches of 16 x 16 pixels.
    private static final ConvolutionalTower TOWER =
            new ConvolutionalTower(new Backbone(Family.MOBILENET_V2, 0.1, List.of()), 17, 16, 2, 8);

    @Test
    void eachPixelKeepsItsPlaceAndPicturesOfOneSizeAreTogether() {
        List<PatchGrid> pictures = List.of(picture(1, 2, 4, 0), picture(1, 4, 2, 1), picture(2, 2, 4, 2));
        PixelLayout layout = PixelLayout.of(pictures, TOWER);

        assertThat(layout.patchCount()).isEqualTo(8 + 8 + 16);
        assertThat(layout.batches())
                .containsExactly(new PixelLayout.Batch(3, 32, 64), new PixelLayout.Batch(1, 64, 32));
        assertThat(layout.rowOfToken()).containsExactly(0, 1, 6, 7, 2, 3, 4, 5);
        int at = 0;
        at = expect(layout, at, 0, 0, 32, 64);
        at = expect(layout, at, 2, 0, 32, 64);
        at = expect(layout, at, 2, 1, 32, 64);
        assertThat(expect(layout, at, 1, 0, 64, 32)).isEqualTo(layout.pixels().length);
    }

    @Test
    void aPictureThatWasCutForAnotherTowerIsRefused() {
        PatchGrid wrong = new PatchGrid(new float[4 * 3 * 14 * 14], 1, 2, 2);
        assertThatThrownBy(() -> PixelLayout.of(List.of(wrong), TOWER))
                .hasMessage("patches of 588 floats where the vision tower takes 768");
    }

    private static int expect(PixelLayout layout, int from, int picture, int frame, int rows, int columns) {
        int at = from;
        for (int channel = 0; channel < 3; channel++) {
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    assertThat(layout.pixels()[at++]).isEqualTo(pixel(picture, frame, channel, row, column));
                }
            }
        }
        return at;
    }

    private static float pixel(int picture, int frame, int channel, int row, int column) {
        return (((picture * 2 + frame) * 3 + channel) * 64 + row) * 64 + column; // below 2^24
    }

    /// Patches of merged cells follow each other, as `PatchGrid` says.
    private static PatchGrid picture(int frames, int high, int wide, int picture) {
        float[] patches = new float[frames * high * wide * 3 * 16 * 16];
        int at = 0;
        for (int frame = 0; frame < frames; frame++) {
            for (int cellRow = 0; cellRow < high; cellRow += 2) {
                for (int cell = 0; cell < wide; cell += 2) {
                    for (int i = 0; i < 4; i++) {
                        int top = 16 * (cellRow + i / 2);
                        int left = 16 * (cell + i % 2);
                        for (int channel = 0; channel < 3; channel++) {
                            for (int place = 0; place < 256; place++) {
                                patches[at++] = pixel(picture, frame, channel, top + place / 16, left + place % 16);
                            }
                        }
                    }
                }
            }
        }
        return new PatchGrid(patches, frames, high, wide);
    }
}
