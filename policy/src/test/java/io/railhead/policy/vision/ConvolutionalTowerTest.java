package io.railhead.policy.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.policy.vision.SubspaceAttention.Place;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConvolutionalTowerTest {
    private static final Backbone PLAIN = new Backbone(Family.MOBILENET_V2, 1, List.of());

    @Test
    void aVisualTokenIsAPlaceOfTheLastFeatureMap() {
        assertThat(new ConvolutionalTower(PLAIN, 18, 16, 2, 64).tokenSize()).isEqualTo(32);
        assertThat(new ConvolutionalTower(PLAIN, 13, 8, 2, 64).tokenSize()).isEqualTo(16);
        assertThatThrownBy(() -> new ConvolutionalTower(PLAIN, 18, 14, 2, 64))
                .hasMessage("patch_size = 14 times spatial_merge_size = 2 is not 32, the pixels of one place behind"
                        + " block 18");
    }

    /// The published network without its classifier, and two linear layers at each of 7 x 7 places.
    @Test
    void costsItsBlocksAndTheMerger() {
        VisionCost cost = new ConvolutionalTower(PLAIN, 18, 16, 2, 64).cost(224, 224);
        long merger = 1280 * 1280 + 1280 * 64;
        assertThat(cost.parameters()).isEqualTo(3_504_872 - 1_281_000 + 1280 + merger + 1280 + 64);
        assertThat(cost.multiplyAccumulates()).isEqualTo(300_774_272 - 1_280_000 + 49 * merger);
    }

    @Test
    void aTowerThatIsCutHasTheBlocksBeforeAlone() {
        ConvolutionalTower cut = new ConvolutionalTower(PLAIN, 17, 16, 2, 64);
        assertThat(cut.groups()).hasSize(19);
        assertThat(cut.groups().getLast().get(1).shape()).containsExactly(320L, 320L);
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> new ConvolutionalTower(PLAIN, 19, 16, 2, 64))
                .hasMessage("last_block = 19 is none of the blocks 1 to 18");
        Backbone attended =
                new Backbone(Family.MOBILENET_V2, 1, List.of(new SubspaceAttention(16, Place.INSTEAD_OF, 4)));
        assertThatThrownBy(() -> new ConvolutionalTower(attended, 13, 8, 2, 64))
                .hasMessage("attention at block 16 is behind last_block = 13");
    }
}
