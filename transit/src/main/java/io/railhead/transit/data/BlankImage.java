package io.railhead.transit.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;

/// An empty white picture of another picture's size. What a policy answers right about it, it guessed.
///
/// @param original whose size it has; only its header is read
record BlankImage(ImageSource original) implements ImageSource {
    @Override
    public String name() {
        return "blank-" + original.name();
    }

    @Override
    public byte[] load() throws IOException {
        PictureHeader size = PictureHeader.read(original.name(), original.load());
        return white(size.width(), size.height());
    }

    /// One byte a pixel; an image of palette kind would not be read by every decoder alike.
    private static byte[] white(int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        byte[] row = new byte[width];
        Arrays.fill(row, (byte) 0xFF);
        for (int y = 0; y < height; y++) {
            image.getRaster().setDataElements(0, y, width, 1, row);
        }
        var out = new ByteArrayOutputStream();
        if (!ImageIO.write(image, "png", out)) {
            throw new IllegalStateException("this JDK cannot write PNG");
        }
        return out.toByteArray();
    }
}
