package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.policy.EncodedPrompt;
import io.railhead.policy.Golden;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.PatchGrid;
import io.railhead.policy.Prompt;
import io.railhead.policy.PromptEncoder;
import io.railhead.policy.PromptRejectedException;
import io.railhead.policy.TokenIds;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PromptEncoderTest {
    private DjlTokenizer tokenizer;
    private PromptEncoder encoder;

    @BeforeEach
    void openModel() throws IOException {
        ModelDirectory model = Golden.model();
        tokenizer = DjlTokenizer.open(model.tokenizerFile());
        encoder = model.encoder(tokenizer);
    }

    @AfterEach
    void closeTokenizer() {
        tokenizer.close();
    }

    static List<Golden.Case> cases() throws IOException {
        return Golden.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void tokensWithExpandedPlaceholdersEqualThoseOfTransformers(Golden.Case expected) throws IOException {
        EncodedPrompt encoded = encoder.encode(expected.prompt());
        assertThat(encoded.tokens()).isEqualTo(expected.inputIds());
        assertThat(encoded.grids()).hasSameSizeAs(expected.prompt().images());
    }

    @Test
    void expandsEachPlaceholderToItsPicturesVisualTokens() throws IOException {
        Prompt prompt = new Prompt("p", "", List.of(Golden.image("rgb.png"), Golden.image("enlarged.png")));
        EncodedPrompt encoded = encoder.encode(prompt);
        int visualTokens = encoded.grids().stream()
                .mapToInt((PatchGrid g) -> g.visualTokens(2))
                .sum();
        int placeholder = Golden.model().config().imageTokenId();
        assertThat(encoded.tokens().stream().filter(id -> id == placeholder)).hasSize(visualTokens);
    }

    @Test
    void decodesWithoutSpecialTokens() {
        TokenIds tokens = tokenizer.encode("Little India<|im_end|>");
        assertThat(encoder.decode(tokens)).isEqualTo("Little India");
    }

    @Test
    void stopsAtTheEndTokensOfTheGenerationConfiguration() {
        assertThat(encoder.stopTokenIds())
                .isEqualTo(Set.of(
                        tokenizer.encode("<|im_end|>").get(0),
                        tokenizer.encode("<|endoftext|>").get(0)));
    }

    @Test
    void refusesATextWithAnImagePlaceholder() {
        assertThatThrownBy(() -> encoder.encode(new Prompt("p7", "see <|image_pad|>", List.of())))
                .isInstanceOf(PromptRejectedException.class)
                .hasMessage("prompt p7 has 1 image placeholders for 0 pictures");
    }

    @Test
    void refusesAVideo() {
        assertThatThrownBy(() -> encoder.encode(new Prompt("p9", "see <|video_pad|>", List.of())))
                .isInstanceOf(PromptRejectedException.class)
                .hasMessage("prompt p9 has a video placeholder, and videos are not supported");
    }

    @Test
    void refusesAPromptWithMoreTokensThanPositions() {
        assertThatThrownBy(() -> encoder.encode(new Prompt("p8", "# ".repeat(600), List.of())))
                .isInstanceOf(PromptRejectedException.class)
                .hasMessageContaining("prompt p8 has ")
                .hasMessageContaining("more than the 512 positions of the policy");
    }
}
