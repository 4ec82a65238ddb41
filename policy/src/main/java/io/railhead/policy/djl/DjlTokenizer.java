package io.railhead.policy.djl;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.railhead.policy.InvalidModelException;
import io.railhead.policy.PromptRejectedException;
import io.railhead.policy.TokenIds;
import io.railhead.policy.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/// The tokenizer of a `tokenizer.json`, by Hugging Face's native library. Belongs to no thread: its native side is
/// immutable.
public final class DjlTokenizer implements Tokenizer {
    private final HuggingFaceTokenizer tokenizer;

    private DjlTokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /// @throws InvalidModelException if the file is missing or no tokenizer
    public static DjlTokenizer open(Path tokenizerJson) throws InvalidModelException {
        if (!Files.isRegularFile(tokenizerJson)) {
            throw new InvalidModelException(tokenizerJson, "the file is missing");
        }
        try {
            // Unless told otherwise it cuts at 512 tokens.
            return new DjlTokenizer(HuggingFaceTokenizer.builder()
                    .optTokenizerPath(tokenizerJson)
                    .optTruncation(false)
                    .optPadding(false)
                    .optAddSpecialTokens(false)
                    .build());
        } catch (IOException | RuntimeException e) {
            throw new InvalidModelException(tokenizerJson, "is no tokenizer: " + e.getMessage(), e);
        }
    }

    /// @throws PromptRejectedException if the text holds half of a surrogate pair, which is no character
    @Override
    public TokenIds encode(String text) {
        requireCharacters(text);
        long[] ids = tokenizer.encode(text, false, false).getIds();
        return TokenIds.of(Arrays.stream(ids).mapToInt(Math::toIntExact).toArray());
    }

    private static void requireCharacters(String text) {
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int character = text.codePointAt(i);
            if (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE) {
                throw new PromptRejectedException(
                        "character %d of the text is half of one (U+%X)".formatted(i, character));
            }
        }
    }

    @Override
    public String decode(TokenIds tokens, boolean skipSpecialTokens) {
        long[] ids = IntStream.of(tokens.toArray()).asLongStream().toArray();
        return tokenizer.decode(ids, skipSpecialTokens);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
