package io.railhead.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Hostile pictures, prompts and model folders: one line that names the thing, status 2, and the process goes on.
class ModelGuardsTest {
    private static final Path GOLDEN = Path.of("../policy/src/test/resources/golden");

    @TempDir
    Path temp;

    private Path model;

    @BeforeEach
    void copyModel() throws IOException {
        model = Files.createDirectory(temp.resolve("model"));
        try (Stream<Path> files = Files.list(GOLDEN.resolve("model"))) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
    }

    @AfterEach
    void theSameProcessStillAnswers() {
        CommandRun run = CommandRun.of(
                "generate",
                "--json",
                "--model",
                GOLDEN.resolve("model").toString(),
                "--max-tokens",
                "2",
                "--prompt",
                "?",
                "--image",
                GOLDEN.resolve("images/rgb.png").toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("\"text\":", "\"token_ids\":", "\"logprobs\":");
    }

    @Test
    void aPictureThatClaimsToBeHugeIsRefusedByItsHeader() throws IOException {
        assertPictureRefused(
                png(1 << 30, 1 << 30, 1), "1073741824x1073741824 pixels, more than the limit of 300000000");
    }

    /// 289 megapixels of 16-bit RGB with alpha, 2.2 GB, in a file of a few hundred bytes and a heap of 512 MB.
    @Test
    void aSmallFileThatUnpacksToMoreThanTheHeapIsRefused() throws Exception {
        Path bomb = Files.write(temp.resolve("bomb.png"), png(17_000, 17_000, 1));
        assertThat(Files.size(bomb)).isLessThan(1000);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-Dai.djl.offline=true",
                        "-Djava.awt.headless=true",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.railhead.app.Main",
                        "generate",
                        "--model",
                        model.toString(),
                        "--prompt",
                        "?",
                        "--image",
                        bomb.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(2);
        // some collectors keep a part of the heap to themselves
        assertThat(said)
                .containsPattern("has 17000x17000 pixels and takes 2204 MiB to decode, too much for \\d+ MiB of heap");
    }

    @Test
    void aPictureWithoutPixelsIsRefused() throws IOException {
        assertPictureRefused(png(0, 5, 1), "is not a readable picture");
        assertPictureRefused(png(5, 0, 1), "is not a readable picture");
    }

    @Test
    void aPictureThatEndsEarlyIsRefused() throws IOException {
        assertPictureRefused(png(64, 64, 3), "is not a readable picture: its contents are damaged or cut short");
        byte[] jpeg = Files.readAllBytes(GOLDEN.resolve("images/colour.jpg"));
        assertPictureRefused(Arrays.copyOf(jpeg, jpeg.length / 2), "is cut short");
    }

    @Test
    void aPictureForPrintingIsRefused() throws IOException {
        assertPictureRefused(
                Files.readAllBytes(GOLDEN.resolve("refused/cmyk.jpg")), "neither RGB nor grey nor with a palette");
    }

    @Test
    void aStripOfAPictureIsRefused() throws IOException {
        assertPictureRefused(png(4020, 20, 20), "one side of 4020x20 pixels is more than 200 times the other");
    }

    @Test
    void aTextFileForAPictureIsRefused() throws IOException {
        assertPictureRefused("no picture".getBytes(StandardCharsets.UTF_8), "neither PNG nor JPEG");
    }

    @Test
    void aPromptLongerThanThePositionsIsRefused() {
        assertRefused(generate("--prompt", "# ".repeat(600)), "more than the 512 positions of the policy");
    }

    @Test
    void aPromptWithPlaceholdersOfItsOwnIsRefused() {
        assertRefused(generate("--prompt", "<|image_pad|>"), "has 1 image placeholders for 0 pictures");
        assertRefused(generate("--prompt", "<|video_pad|>"), "videos are not supported");
    }

    @Test
    void tokensWhosePlaceholdersDoNotMatchThePictureAreRefusedWithTheirLine() throws IOException {
        String line = new ObjectMapper()
                .createObjectNode()
                .put("image", GOLDEN.resolve("images/rgb.png").toString())
                .set(
                        "input_ids",
                        new ObjectMapper()
                                .createArrayNode()
                                .add(1)
                                .add(305)
                                .add(305)
                                .add(2))
                .toString();
        for (String command : new String[] {"generate", "logprobs"}) {
            String[] options = command.equals("generate") ? new String[] {"--batch"} : new String[0];
            String[] arguments = Stream.concat(Stream.of(command, "--model", model.toString()), Arrays.stream(options))
                    .toArray(String[]::new);
            assertRefused(
                    CommandRun.withInput("\n" + line, arguments),
                    "line 2: 2 image placeholders (token 305) for pictures of [");
        }
    }

    @ParameterizedTest
    @CsvSource({"config.json", "tokenizer.json", "preprocessor_config.json", "model.safetensors"})
    void aMissingFileIsNamed(String file) throws IOException {
        Files.delete(model.resolve(file));
        assertRefused(generate("--prompt", "?"), model.resolve(file) + ": the file is missing");
    }

    @Test
    void anArchitectureThatIsNotComputedIsNamed() throws IOException {
        Path config = model.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"qwen2_5_vl\"", "\"qwen3_vl\""));
        assertRefused(generate("--prompt", "?"), config + ": model_type = \"qwen3_vl\" is not supported");
    }

    @Test
    void aWeightsFileThatIsCutShortIsNamed() throws IOException {
        Path weights = model.resolve("model.safetensors");
        byte[] whole = Files.readAllBytes(weights);
        Path aside = Files.write(temp.resolve("cut"), Arrays.copyOf(whole, whole.length - 100));
        Files.move(aside, weights, StandardCopyOption.REPLACE_EXISTING);
        assertRefused(generate("--prompt", "?"), weights + ": ");
    }

    @Test
    void aTemplateThatDoesNotEndIsStopped() throws IOException {
        Path template = model.resolve("chat_template.jinja");
        Files.writeString(
                template, "{% for i in range(10000000) %}{% for j in range(10000000) %}{% endfor %}{% endfor %}");
        assertRefused(generate("--prompt", "?"), template + ", line 1: the template takes more than");
    }

    private CommandRun generate(String... more) {
        return CommandRun.of(Stream.concat(
                        Stream.of("generate", "--model", model.toString(), "--max-tokens", "2"), Arrays.stream(more))
                .toArray(String[]::new));
    }

    private void assertPictureRefused(byte[] picture, String named) throws IOException {
        Path file = Files.write(temp.resolve("picture"), picture);
        assertRefused(generate("--prompt", "?", "--image", file.toString()), named);
    }

    private static void assertRefused(CommandRun run, String named) {
        assertThat(run.err().lines()).as(run.err()).hasSize(1);
        assertThat(run.err()).startsWith("railhead: ").contains(named).doesNotContain("Exception");
        assertThat(run.out()).isEmpty();
        assertThat(run.status()).isEqualTo(2);
    }

    /// A picture of 16-bit RGB with alpha by its header, of which the file holds the first rows, all black.
    private static byte[] png(int width, int height, int rows) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(packed)) {
            deflated.write(new byte[rows * (1 + Math.min(width, 20_000) * 8)]);
        }
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height).put(new byte[] {16, 6, 0, 0, 0});
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        png.write(chunk("IHDR", header.array()));
        png.write(chunk("IDAT", packed.toByteArray()));
        png.write(chunk("IEND", new byte[0]));
        return png.toByteArray();
    }

    private static byte[] chunk(String kind, byte[] content) {
        byte[] named = ByteBuffer.allocate(4 + content.length)
                .put(kind.getBytes(StandardCharsets.US_ASCII))
                .put(content)
                .array();
        CRC32 sum = new CRC32();
        sum.update(named);
        return ByteBuffer.allocate(named.length + 8)
                .putInt(content.length)
                .put(named)
                .putInt((int) sum.getValue())
                .array();
    }
}
