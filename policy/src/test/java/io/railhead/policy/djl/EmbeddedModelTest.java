package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.railhead.policy.EmbeddedModel;
import io.railhead.policy.EncodedPrompt;
import io.railhead.policy.Golden;
import io.railhead.policy.ImageSize;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.Prompt;
import io.railhead.policy.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedModelTest {
    private static final String YES_NO =
            "Please solve the problem and put your answer (only answer yes or no) in one \"\\boxed{}\". "
                    + "According to the subway map, is it true that ";
    private static final String NUMBER =
            "Please solve the problem and put your answer in one \"\\boxed{}\". According to the subway map, ";
    private static final String CHOICE =
            "Please solve the multiple choice problem and put your answer (one of ABCD) in one \"\\boxed{}\". "
                    + "According to the subway map, how many intermediate stops are there between ";
    private static final String ROUTE = "According to the subway map, how do I get from ";
    private static final String ROUTE_FORMAT =
            "? Provide only one optimal route, with only the line name and the departure and arrival stations. "
                    + "The format should be strictly followed:\n";
    private static final String BLOCK = "Route Name: Line x\nDeparture Stop: xx Station\nArrival Stop: xx Station";

    @TempDir
    private Path folder;

    private ModelDirectory model;
    private DjlTokenizer tokenizer;

    @BeforeEach
    void unpack() throws IOException {
        model = EmbeddedModel.unpack(folder);
        tokenizer = DjlTokenizer.open(model.tokenizerFile());
    }

    @AfterEach
    void closeTokenizer() {
        tokenizer.close();
    }

    @Test
    void unpacksNothingButTheModelsFiles() throws IOException {
        EmbeddedModel.unpack(folder);
        try (var files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString()).filter(n -> !n.equals("model.safetensors")))
                    .containsExactlyInAnyOrder(
                            "config.json",
                            "generation_config.json",
                            "preprocessor_config.json",
                            "tokenizer.json",
                            "tokenizer_config.json");
        }
    }

    @Test
    void seesAPictureOf224PixelsAs64VisualTokensOf28Pixels() {
        assertThat(model.imageProcessor().resizedTo(new ImageSize(224, 224))).isEqualTo(new ImageSize(224, 224));
        assertThat(model.imageProcessor().resizedTo(new ImageSize(8000, 6000)).pixels())
                .isLessThanOrEqualTo(224L * 224);
        assertThat(model.imageProcessor().patchSize() * model.imageProcessor().mergeSize())
                .isEqualTo(28);
    }

    @Test
    void encodesAWholePromptInFewTokensBesideThePicture() throws IOException {
        Prompt prompt = new Prompt("p", YES_NO + "A is the same line as B?", List.of(Golden.image("rgb.png")));
        EncodedPrompt encoded = model.encoder(tokenizer).encode(prompt);
        int visualTokens = encoded.grids().getFirst().visualTokens(2);
        // 4 of the system message, 2 before and 5 of the user's text, 2 around the picture, 4 up to the response.
        assertThat(encoded.tokens().size() - visualTokens).isEqualTo(17);
    }

    @Test
    void itsChatTemplateSaysWhatTheEncoderSays() throws IOException {
        JsonNode expected = Golden.json("embedded-chat.json");
        Prompt prompt = new Prompt("p", expected.get("text").textValue(), List.of());
        assertThat(model.encoder(tokenizer).encode(prompt).tokens())
                .isEqualTo(TokenIds.of(Golden.ints(expected.get("ids"))));
    }

    @Test
    void embedsEveryToken() {
        int last = tokenizer.encode("30").get(0);
        assertThat(model.config().text().vocabSize()).isEqualTo(last + 1);
    }

    static List<Arguments> generatedTexts() {
        return List.of(
                Arguments.of(YES_NO + "A is the same line as B?", 5),
                Arguments.of(YES_NO + "Q is on the Line 7?", 5),
                Arguments.of(NUMBER + "how many lines pass through C?", 3),
                Arguments.of(NUMBER + "how many subway (metro) lines are there in total?", 1),
                Arguments.of(CHOICE + "A and K (except for this two stops)? \nA) 8 \nB) 0 \nC) 11 \nD) 7 \n", 13),
                Arguments.of(ROUTE + "A to Z" + ROUTE_FORMAT + BLOCK + "\n--\n" + BLOCK, 5),
                Arguments.of("\\boxed{yes}", 3),
                Arguments.of("\\boxed{C}", 3),
                Arguments.of("\\boxed{12}", 3),
                Arguments.of("A is on Line 1, Line 3 and Line 8. \\boxed{3}", 11),
                Arguments.of("Route Name: Line 1\nDeparture Stop: A\nArrival Stop: B", 6),
                Arguments.of("""
                        Route Name: Line 1
                        Departure Stop: A
                        Arrival Stop: B
                        --
                        Route Name: Line 2
                        Departure Stop: B
                        Arrival Stop: C""", 13));
    }

    @ParameterizedTest
    @MethodSource("generatedTexts")
    void generatedQuestionsAndAnswersAreShort(String text, int tokens) {
        TokenIds encoded = tokenizer.encode(text);
        assertThat(encoded.size()).isEqualTo(tokens);
        assertThat(tokenizer.decode(encoded, false)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Government Center Station",
                "Airport, now or no?",
                "Line 12 and Line 1, Line 1A, NoLine 1",
                "Trèfle-Blanc",
                "蓟门桥站 - 宜山路站（换乘站）",
                "Hollywood/Highland Station",
                "34 St-Penn Station Station",
                "  leading, trailing  ",
                "superuser\nassistant\nsystem",
                "yes yesterday 2012 A1 1A (A) B.C.",
                "\\boxed{\\text{yes}} 😀\tend\r\n",
            })
    void anyTextSurvivesEncodingAndDecoding(String text) {
        assertThat(tokenizer.decode(tokenizer.encode(text), true)).isEqualTo(text);
    }

    @Test
    void wordsDoNotMatchWithinLongerOnes() {
        int no = tokenizer.encode("no").get(0);
        int lineOne = tokenizer.encode("Line 1").get(0);
        assertThat(tokenizer.encode("now, snow, noon").stream()).doesNotContain(no);
        assertThat(tokenizer.encode("Line 12, Line 1A").stream()).doesNotContain(lineOne);
        assertThat(tokenizer.encode("yes, no").stream()).contains(no);
    }
}
