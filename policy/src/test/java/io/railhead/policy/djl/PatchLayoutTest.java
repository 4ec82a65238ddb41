package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.policy.PatchGrid;
import io.railhead.policy.vision.TransformerTower;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PatchLayoutTest {
    /// Patches of 3 floats (one channel of 1 x 1 pixel, thrice), merged 2 x 2, windows of 2 x 2 visual tokens.
    private static final TransformerTower VISION = new TransformerTower(1, 16, 16, 2, 1, 3, 2, 4, List.of(), 32, 1);

    @Test
    void patchesOfAWindowAreConsecutiveAndWindowsAtTheEdgeAreSmaller() {
        PatchGrid picture = grid(1, 6, 10); // 3 x 5 visual tokens: windows of 4, 4, 2 and below of 2, 2, 1
        PatchLayout layout = PatchLayout.of(List.of(picture), VISION);

        assertThat(layout.windows()).containsExactly(16, 16, 8, 8, 8, 4);
        assertThat(layout.frames()).containsExactly(60);
        assertThat(layout.rowOfToken()).containsExactly(0, 1, 4, 5, 8, 2, 3, 6, 7, 9, 10, 11, 12, 13, 14);
    }

    @Test
    void eachPatchKeepsItsFloatsRowAndColumn() {
        List<PatchGrid> pictures = List.of(grid(1, 6, 10), grid(2, 4, 4));
        PatchLayout layout = PatchLayout.of(pictures, VISION);

        int firstToken = 0;
        for (PatchGrid picture : pictures) {
            int columns = picture.gridW() / 2;
            int tokensOfFrame = columns * picture.gridH() / 2;
            for (int token = 0; token < picture.visualTokens(2); token++) {
                for (int i = 0; i < 4; i++) {
                    int patch = layout.rowOfToken()[firstToken + token] * 4 + i;
                    assertThat(Arrays.copyOfRange(layout.patches(), 3 * patch, 3 * patch + 3))
                            .isEqualTo(Arrays.copyOfRange(
                                    picture.patches(), 3 * (4 * token + i), 3 * (4 * token + i) + 3));
                    assertThat(layout.positions()[2 * patch]).isEqualTo(token % tokensOfFrame / columns * 2 + i / 2);
                    assertThat(layout.positions()[2 * patch + 1]).isEqualTo(token % columns * 2 + i % 2);
                }
            }
            firstToken += picture.visualTokens(2);
        }
        assertThat(layout.frames()).containsExactly(60, 16, 16);
        assertThat(Arrays.stream(layout.windows()).sum()).isEqualTo(layout.patchCount());
        assertThat(Arrays.stream(layout.rowOfToken()).sorted())
                .containsExactlyElementsOf(IntStream.range(0, 23).boxed().toList());
    }

    @Test
    void patchesOfAnotherLengthAreRefused() {
        PatchGrid wrong = new PatchGrid(new float[4 * 5], 1, 2, 2);
        assertThatThrownBy(() -> PatchLayout.of(List.of(wrong), VISION))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5")
                .hasMessageContaining("3");
    }

    private static PatchGrid grid(int t, int h, int w) {
        float[] patches = new float[t * h * w * 3];
        for (int i = 0; i < patches.length; i++) {
            patches[i] = 1000 * h + i;
        }
        return new PatchGrid(patches, t, h, w);
    }
}
