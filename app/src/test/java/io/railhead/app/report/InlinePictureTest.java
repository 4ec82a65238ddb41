package io.railhead.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class InlinePictureTest {
    @Test
    void aSmallPictureIsItself() throws IOException {
        byte[] png = png(40, 30);
        assertThat(InlinePicture.of(png)).hasValueSatisfying(address -> {
            assertThat(address).startsWith("data:image/png;base64,");
            assertThat(Base64.getDecoder().decode(address.substring(address.indexOf(',') + 1)))
                    .isEqualTo(png);
        });
    }

    @Test
    void aLargePictureIsScaledDown() throws IOException {
        String address = InlinePicture.of(png(1600, 400)).orElseThrow();
        assertThat(address).startsWith("data:image/jpeg;base64,");
        BufferedImage small = ImageIO.read(
                new ByteArrayInputStream(Base64.getDecoder().decode(address.substring(address.indexOf(',') + 1))));
        assertThat(small.getWidth()).isEqualTo(InlinePicture.LONGEST);
        assertThat(small.getHeight()).isEqualTo(InlinePicture.LONGEST / 4);
    }

    @Test
    void whatIsNoPictureIsLeftOut() throws IOException {
        assertThat(InlinePicture.of(new byte[] {1, 2, 3})).isEmpty();
        assertThat(InlinePicture.of(new byte[0])).isEmpty();
    }

    /// Noise, which does not get smaller by being written.
    private static byte[] png(int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }
}
