package io.railhead.actors.pictures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.policy.EncodedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PictureShelfProperties {
    /// Against a list in the order of use that is searched and cut from its front.
    @Property
    void holdsNoMoreThanItsCapacityAndWhatWasUsedLast(
            @ForAll @IntRange(max = 40) int capacity, @ForAll List<@IntRange(max = 19) Integer> uses) {
        PictureShelf shelf = new PictureShelf(capacity);
        List<EncodedImage> byUse = new ArrayList<>();
        for (int use : uses) {
            EncodedImage picture = picture(use);
            Optional<EncodedImage> found = shelf.find(picture.sha256());
            assertThat(found).isEqualTo(byUse.contains(picture) ? Optional.of(picture) : Optional.empty());
            shelf.put(picture);
            if (byUse.remove(picture) || picture.byteCount() <= capacity) {
                byUse.add(picture);
            }
            while (sum(byUse) > capacity) {
                byUse.removeFirst();
            }
            assertThat(shelf.bytes()).isEqualTo(sum(byUse)).isLessThanOrEqualTo(capacity);
        }
    }

    @Example
    void takesNoPictureWithoutItsBytes() {
        assertThatThrownBy(() -> new PictureShelf(10).put(EncodedImage.elsewhere("0".repeat(64), 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no bytes to keep");
    }

    /// One to ten bytes.
    private static EncodedImage picture(int number) {
        byte[] bytes = new byte[number / 2 + 1];
        bytes[0] = (byte) number;
        return EncodedImage.of(bytes);
    }

    private static long sum(List<EncodedImage> pictures) {
        return pictures.stream().mapToLong(EncodedImage::byteCount).sum();
    }
}
