package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.railhead.policy.EmbeddedModel;
import io.railhead.policy.Golden;
import io.railhead.policy.InvalidModelException;
import io.railhead.policy.PromptRejectedException;
import io.railhead.policy.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tokens against those of the tokenizers library.
class GoldenTokenizerTest {
    @TempDir
    private Path folder;

    @Test
    void tokensOfATrainedTokenizerAreThoseOfTheLibrary() throws IOException {
        assertEqualTokens(Golden.model().tokenizerFile(), "tokenizer-fuzz.json");
    }

    @Test
    void tokensOfTheEmbeddedTokenizerAreThoseOfTheLibrary() throws IOException {
        assertEqualTokens(EmbeddedModel.unpack(folder).tokenizerFile(), "embedded-tokenizer-fuzz.json");
    }

    @Test
    void tokensOfAllOfUnicodeAreThoseOfTheLibrary() throws IOException {
        assertEqualTokens(Golden.model().tokenizerFile(), "unicode.json");
        assertEqualTokens(EmbeddedModel.unpack(folder).tokenizerFile(), "embedded-unicode.json");
    }

    @Test
    void textInNormalFormComesBackWhole() throws IOException {
        try (DjlTokenizer tokenizer = DjlTokenizer.open(Golden.model().tokenizerFile())) {
            for (JsonNode row : Golden.json("unicode.json")) {
                String text = row.get("text").textValue();
                TokenIds ids = tokenizer.encode(text);
                assertThat(tokenizer.decode(ids, false))
                        .isEqualTo(row.get("whole").textValue());
                assertThat(tokenizer.decode(ids, false)).isEqualTo(Normalizer.normalize(text, Normalizer.Form.NFC));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\ud800", "\udc00b", "\ud83d\ud83d\ude00", "x\ude00\ud83dy"})
    void refusesHalfACharacter(String text) throws IOException {
        try (DjlTokenizer tokenizer = DjlTokenizer.open(Golden.model().tokenizerFile())) {
            assertThatThrownBy(() -> tokenizer.encode(text))
                    .isInstanceOf(PromptRejectedException.class)
                    .hasMessageMatching("character [0-9] of the text is half of one \\(U\\+D[0-9A-F]{3}\\)");
            assertThat(tokenizer.encode("\ud83d\ude00").size()).isPositive();
        }
    }

    @Test
    void doesNotTruncate() throws IOException {
        try (DjlTokenizer tokenizer = DjlTokenizer.open(Golden.model().tokenizerFile())) {
            assertThat(tokenizer.encode("#".repeat(20_000)).size()).isGreaterThan(9_999);
        }
    }

    @Test
    void isUsableFromSeveralThreads() throws Exception {
        try (DjlTokenizer tokenizer = DjlTokenizer.open(Golden.model().tokenizerFile());
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<String>> roundTrips = IntStream.range(0, 400)
                    .<Callable<String>>mapToObj(
                            i -> () -> tokenizer.decode(tokenizer.encode("Little India " + i), true))
                    .toList();
            List<String> decoded = new ArrayList<>();
            for (Future<String> future : threads.invokeAll(roundTrips)) {
                decoded.add(future.get());
            }
            assertThat(decoded)
                    .isEqualTo(IntStream.range(0, 400)
                            .mapToObj(i -> "Little India " + i)
                            .toList());
        }
    }

    @Test
    void namesAMissingFile() {
        Path file = folder.resolve("tokenizer.json");
        assertThatThrownBy(() -> DjlTokenizer.open(file))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(file + ": the file is missing");
    }

    @Test
    void namesAFileThatIsNoTokenizer() throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": 3}");
        assertThatThrownBy(() -> DjlTokenizer.open(file))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining(file + ": is no tokenizer");
    }

    private static void assertEqualTokens(Path tokenizerJson, String golden) throws IOException {
        try (DjlTokenizer tokenizer = DjlTokenizer.open(tokenizerJson)) {
            for (JsonNode row : Golden.json(golden)) {
                TokenIds expected = TokenIds.of(Golden.ints(row.get("ids")));
                assertThat(tokenizer.encode(row.get("text").textValue()))
                        .as(row.get("text").toString())
                        .isEqualTo(expected);
                assertThat(tokenizer.decode(expected, true))
                        .as(row.get("text").toString())
                        .isEqualTo(row.get("decoded").textValue());
            }
        }
    }
}
