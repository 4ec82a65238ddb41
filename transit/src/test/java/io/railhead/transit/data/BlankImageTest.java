package io.railhead.transit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.transit.InvalidDataException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class BlankImageTest {
    /// Not a picture.
    private record Notes(String name) implements ImageSource {
        @Override
        public byte[] load() {
            return new byte[64];
        }
    }

    @Test
    void isWhiteAndOfTheMapsSize() throws IOException {
        TaskSet shown = GeneratedTasks.of(1, 1, 1, Split.TEST);
        TaskSet blank = shown.withBlankPictures();
        assertThat(blank.items())
                .extracting(TaskItem::question)
                .isEqualTo(shown.items().stream().map(TaskItem::question).toList());
        BufferedImage map = image(shown.items().getFirst());
        BufferedImage empty = image(blank.items().getFirst());
        assertThat(empty.getWidth()).isEqualTo(map.getWidth());
        assertThat(empty.getHeight()).isEqualTo(map.getHeight());
        int[] pixels = empty.getRGB(0, 0, empty.getWidth(), empty.getHeight(), null, 0, empty.getWidth());
        assertThat(IntStream.of(pixels)).allMatch(pixel -> pixel == 0xFFFFFFFF);
    }

    @Test
    void whatIsNoPictureIsNamed() {
        assertThatThrownBy(() -> new BlankImage(new Notes("notes.txt")).load())
                .isInstanceOf(InvalidDataException.class)
                .hasMessage("picture notes.txt is neither PNG nor JPEG");
    }

    private static BufferedImage image(TaskItem item) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(item.image().load()));
    }
}
