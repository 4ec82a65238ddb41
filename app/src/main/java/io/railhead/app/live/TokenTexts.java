package io.railhead.app.live;

import io.railhead.app.run.PolicySettings;
import io.railhead.app.run.PolicySource;
import io.railhead.app.run.RunDirectory;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.TokenIds;
import io.railhead.policy.Tokenizer;
import io.railhead.policy.djl.DjlTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What single tokens say, by the tokenizer of the run's model, which is opened when it is first needed. Thread-safe.
final class TokenTexts implements AutoCloseable {
    private final Path root;
    private @Nullable Tokenizer tokenizer;
    private boolean closed;

    TokenTexts(Path root) {
        this.root = root;
    }

    /// One text a token. Where the tokenizer is not here, their numbers.
    synchronized List<String> of(SampledTokens tokens) {
        Tokenizer known = tokenizer();
        return Arrays.stream(tokens.ids().toArray())
                .mapToObj(id -> known == null ? "#" + id + " " : known.decode(TokenIds.of(id), false))
                .toList();
    }

    private @Nullable Tokenizer tokenizer() {
        if (tokenizer == null && !closed) {
            try {
                String model = PolicySettings.from(RunDirectory.configOf(root)).model();
                tokenizer = DjlTokenizer.open(PolicySource.of(model).model().tokenizerFile());
            } catch (IOException | RuntimeException _) {
                closed = true; // it will not be there later
            }
        }
        return tokenizer;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (tokenizer != null) {
            tokenizer.close();
            tokenizer = null;
        }
    }
}
