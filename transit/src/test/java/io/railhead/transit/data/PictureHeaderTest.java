package io.railhead.transit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.transit.InvalidDataException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureHeaderTest {
    @TempDir
    private Path folder;

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("map"), content);
    }

    private static byte[] encoded(String format) throws IOException {
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(31, 17, BufferedImage.TYPE_INT_RGB), format, bytes);
        return bytes.toByteArray();
    }

    @Test
    void readsTheSizeOfPngAndJpeg() throws IOException {
        for (String format : List.of("png", "jpg")) {
            assertThat(PictureHeader.read(file(encoded(format)))).isEqualTo(new PictureHeader(31, 17));
        }
    }

    @Test
    void namesAFileThatEndsInItsHeader() throws IOException {
        for (String format : List.of("png", "jpg")) {
            for (int length : new int[] {0, 1, 10, 20}) {
                Path file = file(Arrays.copyOf(encoded(format), length));
                assertThatThrownBy(() -> PictureHeader.read(file))
                        .isInstanceOf(InvalidDataException.class)
                        .hasMessage("picture " + file + " ends within its header");
            }
        }
    }

    @Test
    void namesAPngThatIsCutOffAnywhereBehindItsHeader() throws IOException {
        byte[] whole = encoded("png");
        PictureHeader.requireWhole(file(whole));
        for (int length = 33; length < whole.length; length++) {
            Path file = file(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> PictureHeader.requireWhole(file))
                    .isInstanceOf(InvalidDataException.class)
                    .hasMessage("picture " + file + " is cut off before its end");
        }
    }

    @Test
    void namesAFileThatIsSomethingElse() throws IOException {
        byte[] empty = encoded("png");
        Arrays.fill(empty, 16, 24, (byte) 0);
        assertThatThrownBy(() -> PictureHeader.read(file(empty))).hasMessageContaining("claims 0 x 0 pixels");
        assertThatThrownBy(() -> PictureHeader.read(file("GIF89a, and so on".getBytes(StandardCharsets.US_ASCII))))
                .hasMessageContaining("is neither PNG nor JPEG");
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> PictureHeader.read(missing))
                .isInstanceOf(InvalidDataException.class)
                .hasMessageContaining(missing.toString());
    }
}
