package io.railhead.transit.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

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
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(original.load()))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException(original.name() + " is neither PNG nor JPEG");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in);
                return white(reader.getWidth(0), reader.getHeight(0));
            } finally {
                reader.dispose();
            }
        }
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
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }
}
