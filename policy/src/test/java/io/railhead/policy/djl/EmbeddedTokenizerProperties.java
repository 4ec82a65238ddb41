package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.policy.EmbeddedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

class EmbeddedTokenizerProperties {
    private static @Nullable DjlTokenizer tokenizer;

    @BeforeContainer
    static void open() throws IOException {
        Path folder = Files.createTempDirectory("embedded");
        tokenizer = DjlTokenizer.open(EmbeddedModel.unpack(folder).tokenizerFile());
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    @AfterContainer
    static void close() {
        if (tokenizer != null) {
            tokenizer.close();
        }
    }

    @Property(tries = 500)
    void anyNormalisedTextSurvivesEncodingAndDecoding(@ForAll("texts") String text) {
        if (tokenizer == null) {
            throw new IllegalStateException("not opened");
        }
        assertThat(tokenizer.decode(tokenizer.encode(text), false)).isEqualTo(text);
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> pieces = Arbitraries.of(
                "Line 1",
                "Line ",
                "A",
                "no",
                "now",
                "yes",
                " is on ",
                ", ",
                ". ",
                " ",
                "\n",
                "\n--\n",
                "Route Name: ",
                "\\boxed{",
                "}",
                "12",
                "3",
                "<|im_end|>",
                "<|image_pad|>",
                "站",
                "é",
                "😀",
                " Station",
                "user\n");
        Arbitrary<String> mixed = pieces.list().ofMaxSize(12).map(list -> String.join("", list));
        Arbitrary<String> arbitrary =
                Arbitraries.strings().filter(s -> s.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF));
        return Arbitraries.oneOf(mixed, arbitrary).map(s -> Normalizer.normalize(s, Normalizer.Form.NFC));
    }
}
