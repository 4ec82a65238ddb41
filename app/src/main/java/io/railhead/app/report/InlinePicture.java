package io.railhead.app.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import javax.imageio.ImageIO;

/// A picture as part of a page, as a `data:` address. What is larger than [#WHOLE] is scaled down to [#LONGEST] pixels.
final class InlinePicture {
    static final int WHOLE = 200_000; // bytes
    static final int LONGEST = 1000; // pixels

    private InlinePicture() {}

    /// Nothing if it is no picture that Java reads.
    static Optional<String> of(byte[] picture) throws IOException {
        if (picture.length <= WHOLE && startsWith(picture, 0x89, 'P', 'N', 'G')) {
            return Optional.of(address("png", picture));
        }
        if (picture.length <= WHOLE && startsWith(picture, 0xff, 0xd8, 0xff)) {
            return Optional.of(address("jpeg", picture));
        }
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture));
        if (image == null) {
            return Optional.empty();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(scaled(image), "jpeg", bytes);
        return Optional.of(address("jpeg", bytes.toByteArray()));
    }

    private static BufferedImage scaled(BufferedImage image) {
        double scale = Math.min(1, (double) LONGEST / Math.max(image.getWidth(), image.getHeight()));
        int width = Math.max(1, (int) Math.round(image.getWidth() * scale));
        int height = Math.max(1, (int) Math.round(image.getHeight() * scale));
        BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = small.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(image, 0, 0, width, height, Color.WHITE, null);
        graphics.dispose();
        return small;
    }

    private static boolean startsWith(byte[] picture, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (i >= picture.length || (picture[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private static String address(String type, byte[] bytes) {
        return "data:image/%s;base64,%s".formatted(type, Base64.getEncoder().encodeToString(bytes));
    }
}
