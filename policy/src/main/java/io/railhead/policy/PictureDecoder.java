package io.railhead.policy;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// PNG and JPEG to RGB, sample for sample as Pillow's `convert("RGB")` gives it: alpha and transparent colours
/// are dropped, grey is repeated, palettes are looked up, of 16 bits the upper 8 are kept (but grey of 16 bits
/// without alpha is clipped at 255), colour profiles, gamma and the orientation tag are ignored.
final class PictureDecoder {
    private static final Set<String> FORMATS = Set.of("png", "jpeg");

    private PictureDecoder() {}

    /// @throws PromptRejectedException naming the image, if its header or its contents cannot be read, or it has more
    ///     pixels than the limit
    static PixelRows decode(EncodedImage image, long pixelLimit) {
        return decode(image, pixelLimit, Runtime.getRuntime().maxMemory());
    }

    static PixelRows decode(EncodedImage image, long pixelLimit, long heapBytes) {
        try (ImageInputStream stream = stream(image)) {
            ImageReader reader = reader(image, stream);
            try {
                reader.setInput(stream, true, true);
                ImageSize size = new ImageSize(reader.getHeight(0), reader.getWidth(0));
                requireWithinLimit(image, size, pixelLimit);
                requireHeap(image, size, reader, heapBytes);
                TruncationListener truncation = new TruncationListener();
                reader.addIIOReadWarningListener(truncation);
                BufferedImage decoded = reader.read(0);
                if (!truncation.warning().isEmpty()) {
                    throw new PromptRejectedException(image + " is cut short: " + truncation.warning());
                }
                return rows(image, decoded);
            } finally {
                reader.dispose();
            }
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException | NegativeArraySizeException e) {
            // The JDK's readers answer damaged files with any of these.
            throw new PromptRejectedException(image + " is not a readable picture: " + reason(e), e);
        }
    }

    private static ImageInputStream stream(EncodedImage image) {
        byte[] bytes = image.toByteArray();
        boolean jpeg = bytes.length > 1 && (bytes[0] & 255) == 0xff && (bytes[1] & 255) == 0xd8;
        return new MemoryCacheImageInputStream(
                new ByteArrayInputStream(jpeg ? JpegSegments.withoutColourProfile(bytes) : bytes));
    }

    private static ImageReader reader(EncodedImage image, ImageInputStream stream) throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if (FORMATS.contains(reader.getFormatName().toLowerCase(Locale.ROOT))) {
                return reader;
            }
            reader.dispose();
        }
        throw new PromptRejectedException(image + " is neither PNG nor JPEG");
    }

    private static void requireWithinLimit(EncodedImage image, ImageSize size, long pixelLimit) {
        if (size.pixels() > pixelLimit) {
            throw new PromptRejectedException("%s has %dx%d pixels, more than the limit of %d"
                    .formatted(image, size.width(), size.height(), pixelLimit));
        }
    }

    /// A picture whose decoded samples alone would take most of the heap is refused rather than tried.
    private static void requireHeap(EncodedImage image, ImageSize size, ImageReader reader, long heapBytes)
            throws IOException {
        SampleModel samples = reader.getImageTypes(0).next().getSampleModel();
        long needed = size.pixels() * samples.getNumBands() * samples.getSampleSize(0) / Byte.SIZE;
        if (needed > heapBytes / 4 * 3) {
            throw new PromptRejectedException(
                    "%s has %dx%d pixels and takes %d MiB to decode, too much for %d MiB of heap"
                            .formatted(image, size.width(), size.height(), needed >> 20, heapBytes >> 20));
        }
    }

    private static PixelRows rows(EncodedImage image, BufferedImage decoded) {
        ImageSize size = new ImageSize(decoded.getHeight(), decoded.getWidth());
        Raster raster = decoded.getRaster();
        if (decoded.getColorModel() instanceof IndexColorModel palette) {
            return new PaletteRows(size, raster, palette);
        }
        int colours = decoded.getColorModel().getColorSpace().getType();
        if (colours != ColorSpace.TYPE_RGB && colours != ColorSpace.TYPE_GRAY) {
            throw new PromptRejectedException(image + " is neither RGB nor grey nor with a palette");
        }
        int bits = raster.getSampleModel().getSampleSize(0);
        if (bits != 8 && bits != 16) {
            throw new PromptRejectedException(image + " has " + bits + " bits a sample");
        }
        return new SampleRows(size, raster, bits);
    }

    private static String reason(Exception e) {
        String message =
                e instanceof IIOException && e.getCause() != null ? e.getCause().getMessage() : e.getMessage();
        return message == null ? "its contents are damaged or cut short" : message;
    }

    private record PaletteRows(ImageSize size, Raster raster, IndexColorModel palette) implements PixelRows {
        @Override
        public void read(int y, byte[] rgb) {
            int[] indices = raster.getSamples(0, y, size.width(), 1, 0, (int[]) null);
            for (int x = 0; x < indices.length; x++) {
                rgb[x * 3] = (byte) palette.getRed(indices[x]);
                rgb[x * 3 + 1] = (byte) palette.getGreen(indices[x]);
                rgb[x * 3 + 2] = (byte) palette.getBlue(indices[x]);
            }
        }
    }

    /// One band is grey, two grey with alpha, three RGB, four RGB with alpha.
    private record SampleRows(ImageSize size, Raster raster, int bits) implements PixelRows {
        @Override
        public void read(int y, byte[] rgb) {
            int bands = raster.getNumBands();
            int[] samples = raster.getPixels(0, y, size.width(), 1, (int[]) null);
            for (int x = 0; x < size.width(); x++) {
                for (int channel = 0; channel < 3; channel++) {
                    int sample = samples[x * bands + (bands < 3 ? 0 : channel)];
                    rgb[x * 3 + channel] = (byte) (bands == 1 ? Math.min(sample, 255) : sample >> (bits - 8));
                }
            }
        }
    }
}
