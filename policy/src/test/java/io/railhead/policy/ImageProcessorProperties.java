package io.railhead.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ImageProcessorProperties {
    @Property
    void fittedSidesAreMultiplesOfTheFactor(
            @ForAll @IntRange(min = 1, max = 20_000) int height, @ForAll @IntRange(min = 1, max = 20_000) int width) {
        ImageSize fitted = new ImageSize(height, width).fitted(28, 3136, 50_176);
        assertThat(fitted.height() % 28).isZero();
        assertThat(fitted.width() % 28).isZero();
    }

    @Property
    void fittedAreaIsWithinTheBoundsUnlessThePictureIsVeryElongated(
            @ForAll @IntRange(min = 1, max = 20_000) int height, @ForAll @IntRange(min = 1, max = 20_000) int width) {
        Assume.that(Math.max(height, width) <= 60L * Math.min(height, width));
        assertThat(new ImageSize(height, width).fitted(28, 3136, 50_176).pixels())
                .isBetween(3136L, 50_176L);
    }

    @Property
    void fittingTwiceIsFittingOnce(
            @ForAll @IntRange(min = 1, max = 5_000) int height, @ForAll @IntRange(min = 1, max = 5_000) int width) {
        Assume.that(Math.max(height, width) <= 60L * Math.min(height, width));
        ImageSize once = new ImageSize(height, width).fitted(28, 3136, 50_176);
        assertThat(once.fitted(28, 3136, 50_176)).isEqualTo(once);
    }

    @Property(tries = 300)
    void aDamagedPictureIsReadOrRejected(@ForAll int position, @ForAll byte value, @ForAll boolean jpeg)
            throws IOException {
        byte[] bytes = Golden.image(jpeg ? "colour.jpg" : "rgb.png").toByteArray();
        bytes[Math.floorMod(position, bytes.length)] = value;
        ImageProcessor processor = Golden.model().imageProcessor().withPixelLimit(1_000_000);
        try {
            assertThat(processor.patches(EncodedImage.of(bytes)).patchCount()).isPositive();
        } catch (PromptRejectedException e) {
            assertThat(e).hasMessageContaining("EncodedImage[");
        }
    }
}
