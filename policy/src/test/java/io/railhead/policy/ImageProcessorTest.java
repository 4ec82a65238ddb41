package io.railhead.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageProcessorTest {
    @TempDir
    private Path folder;

    @Test
    void readsTheUsualFile() throws IOException {
        assertThat(read("preprocessor_config.json", """
                {"min_pixels": 3136, "max_pixels": 12845056, "patch_size": 14, "temporal_patch_size": 2,
                 "merge_size": 2, "image_mean": [0.5, 0.25, 0.125], "image_std": [0.5, 0.5, 1],
                 "image_processor_type": "Qwen2VLImageProcessor"}"""))
                .isEqualTo(new ImageProcessor(
                        3136,
                        12_845_056,
                        14,
                        2,
                        2,
                        1 / 255.0,
                        List.of(0.5, 0.25, 0.125),
                        List.of(0.5, 0.5, 1.0),
                        300_000_000));
    }

    @Test
    void readsBoundsGivenAsEdges() throws IOException {
        ImageProcessor processor =
                read("preprocessor_config.json", "{\"size\": {\"shortest_edge\": 3136, \"longest_edge\": 50176}}");
        assertThat(processor.minPixels()).isEqualTo(3136);
        assertThat(processor.maxPixels()).isEqualTo(50_176);
    }

    @Test
    void readsTheImagePartOfACombinedFile() throws IOException {
        assertThat(read("processor_config.json", "{\"image_processor\": {\"patch_size\": 16}}")
                        .patchSize())
                .isEqualTo(16);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"do_resize\": false} | do_resize = false",
                "{\"resample\": 2} | resample = 2",
                "{\"patch_size\": 0} | patch_size = 0",
                "{\"min_pixels\": 9000, \"max_pixels\": 8000} | min_pixels = 9000, max_pixels = 8000",
                "{\"image_mean\": [0.5]} | image_mean = [0.5]",
            })
    void namesFileKeyAndValueOfWhatItDoesNotDo(String json, String named) {
        assertThatThrownBy(() -> read("preprocessor_config.json", json))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("preprocessor_config.json")
                .hasMessageContaining(named);
    }

    @Test
    void refusesATextFileThatIsNamedLikeAPicture() throws IOException {
        EncodedImage text = EncodedImage.of("Route Name: Line 1".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> processor().patches(text))
                .isInstanceOf(PromptRejectedException.class)
                .hasMessage(text + " is neither PNG nor JPEG");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgb.png", "palette.png", "grey-16.png", "colour.jpg", "progressive.jpg", "grey.jpg"})
    void refusesAPictureThatIsCutShort(String name) throws IOException {
        byte[] whole = Golden.image(name).toByteArray();
        // The last bytes are checksums and the end mark, which readers do without.
        for (int length = 8; length < whole.length - 24; length += Math.max(1, whole.length / 40)) {
            EncodedImage cut = EncodedImage.of(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> processor().patches(cut))
                    .as("%s cut at %d of %d bytes", name, length, whole.length)
                    .isInstanceOf(PromptRejectedException.class)
                    .hasMessageContaining(cut.toString());
        }
    }

    @Test
    void refusesByTheHeaderAPictureAboveThePixelLimit() throws IOException {
        EncodedImage image = Golden.image("rgb.png"); // 53 x 37 = 1961
        assertThat(processor().withPixelLimit(1961).patches(image).patchCount()).isPositive();
        assertThatThrownBy(() -> processor().withPixelLimit(1960).patches(image))
                .isInstanceOf(PromptRejectedException.class)
                .hasMessage(image + " has 53x37 pixels, more than the limit of 1960");
    }

    @Test
    void decodesNothingOfAPictureThatClaimsToBeHuge() throws IOException {
        byte[] bytes = Golden.image("rgb.png").toByteArray();
        Arrays.fill(bytes, 16, 24, (byte) 0x3f); // width and height in the header
        EncodedImage image = EncodedImage.of(withHeaderChecksum(bytes));
        assertThatThrownBy(() -> processor().patches(image))
                .isInstanceOf(PromptRejectedException.class)
                .hasMessage(image + " has 1061109567x1061109567 pixels, more than the limit of 300000000");
    }

    @Test
    void refusesAPictureThatIsTooElongated() throws IOException {
        EncodedImage image = png(201, 1);
        assertThatThrownBy(() -> processor().patches(image))
                .isInstanceOf(PromptRejectedException.class)
                .hasMessage(image + ": one side of 201x1 pixels is more than 200 times the other");
        assertThat(processor().patches(png(1, 200)).gridW()).isEqualTo(2);
    }

    @Test
    void ignoresAColourProfile() throws IOException {
        PatchGrid plain = processor().patches(Golden.image("colour.jpg"));
        PatchGrid profiled =
                processor().patches(withProfile(Golden.image("colour.jpg").toByteArray(), ColorSpace.CS_LINEAR_RGB));
        assertThat(profiled.patches()).isEqualTo(plain.patches());
    }

    @Test
    void refusesAPictureForPrinting() throws IOException {
        EncodedImage image = EncodedImage.of(Files.readAllBytes(Golden.path("refused/cmyk.jpg")));
        assertThatThrownBy(() -> processor().patches(image))
                .isInstanceOf(PromptRejectedException.class)
                .hasMessage(image + " is neither RGB nor grey nor with a palette");
    }

    @Test
    void refusesAPictureThatTakesMostOfTheHeap() throws IOException {
        EncodedImage image = Golden.image("large.png"); // 300 x 240 x 3 bytes = 216,000
        assertThat(PictureDecoder.decode(image, 100_000, 288_000).size()).isEqualTo(new ImageSize(240, 300));
        assertThatThrownBy(() -> PictureDecoder.decode(image, 100_000, 287_999))
                .isInstanceOf(PromptRejectedException.class)
                .hasMessage(image + " has 300x240 pixels and takes 0 MiB to decode, too much for 0 MiB of heap");
    }

    /// The JPEG file with a colour profile behind its first segment.
    private static EncodedImage withProfile(byte[] jpeg, int colourSpace) {
        byte[] profile = ICC_Profile.getInstance(colourSpace).getData();
        int first = 2 + 18; // start mark and JFIF segment
        ByteBuffer bytes = ByteBuffer.allocate(jpeg.length + profile.length + 18)
                .put(jpeg, 0, first)
                .putShort((short) 0xffe2)
                .putShort((short) (profile.length + 16))
                .put("ICC_PROFILE\0\1\1".getBytes(StandardCharsets.ISO_8859_1))
                .put(profile)
                .put(jpeg, first, jpeg.length - first);
        return EncodedImage.of(bytes.array());
    }

    private static ImageProcessor processor() throws IOException {
        return Golden.model().imageProcessor();
    }

    private ImageProcessor read(String file, String json) throws IOException {
        Files.writeString(folder.resolve(file), json);
        return ImageProcessor.read(folder);
    }

    static EncodedImage png(int width, int height) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR), "png", bytes);
        return EncodedImage.of(bytes.toByteArray());
    }

    private static byte[] withHeaderChecksum(byte[] png) {
        CRC32 crc = new CRC32();
        crc.update(png, 12, 17);
        ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
        return png;
    }
}
