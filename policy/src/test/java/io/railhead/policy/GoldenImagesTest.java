package io.railhead.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Pictures against Pillow and transformers' image processor.
class GoldenImagesTest {
    static List<String> images() throws IOException {
        try (Stream<Path> files = Files.list(Golden.path("images"))) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("images")
    void patchesEqualThoseOfTheImageProcessor(String name) throws IOException {
        PatchGrid grid = Golden.model().imageProcessor().patches(Golden.image(name));
        int[] expectedGrid = Golden.ints(Golden.json("grids.json").get(name));
        assertThat(new int[] {grid.gridT(), grid.gridH(), grid.gridW()}).isEqualTo(expectedGrid);
        assertThat(grid.patches()).containsExactly(Golden.floats("patches." + name), Offset.offset(1e-6f));
    }

    @Test
    void bicubicResizeIsBitEqualToPillow() throws IOException {
        for (JsonNode expected : Golden.json("resize.json")) {
            ImageSize from = new ImageSize(
                    expected.get("height").intValue(), expected.get("width").intValue());
            ImageSize to = new ImageSize(
                    expected.get("toHeight").intValue(), expected.get("toWidth").intValue());
            assertThat(sha256(BicubicResize.resize(new FormulaPicture(from), to)))
                    .as("%s to %s", from, to)
                    .isEqualTo(expected.get("sha256").textValue());
        }
    }

    @Test
    void fittedSizesEqualSmartResize() throws IOException {
        for (JsonNode expected : Golden.json("smart-resize.json")) {
            int[] row = Golden.ints(expected);
            assertThat(new ImageSize(row[0], row[1]).fitted(row[2], row[3], row[4]))
                    .as(expected.toString())
                    .isEqualTo(new ImageSize(row[5], row[6]));
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// byte = (7x + 13y + 29 channel + xy) mod 251, as in the golden script.
    private record FormulaPicture(ImageSize size) implements PixelRows {
        @Override
        public void read(int y, byte[] rgb) {
            for (int i = 0; i < size.width() * 3; i++) {
                int x = i / 3;
                rgb[i] = (byte) ((7 * x + 13 * y + 29 * (i % 3) + x * y) % 251);
            }
        }
    }
}
