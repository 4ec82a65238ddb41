package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.railhead.policy.EncodedImage;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.Prompt;
import io.railhead.policy.TokenIds;
import io.railhead.policy.TokenScores;
import io.railhead.policy.TrainingRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;

class PackingProperties {
    private static final float ROUNDING = 3e-5f;
    private final DjlTrainablePolicy policy = open();

    private static DjlTrainablePolicy open() {
        try {
            Path folder = Files.createTempDirectory("packing");
            TinyModel.create(folder);
            return DjlTrainablePolicy.open(folder, TrainingOptions.DEFAULT.withHeadTokens(16));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterProperty
    void close() {
        policy.close();
    }

    /// The slow twin computes each prefix with each continuation alone.
    @Property(tries = 40)
    void noSequenceOfABatchAttendsToAnother(@ForAll("batches") List<TrainingRow> rows) {
        List<TokenScores> packed = policy.score(rows, ParameterSet.TARGET);
        int next = 0;
        for (TrainingRow row : rows) {
            for (TokenIds continuation : row.continuations()) {
                TrainingRow alone = new TrainingRow(row.prefix(), row.images(), List.of(continuation));
                TokenScores expected =
                        policy.score(List.of(alone), ParameterSet.TARGET).getFirst();
                TokenScores found = packed.get(next++);
                assertThat(found.logProbs()).containsExactly(expected.logProbs(), within(ROUNDING));
                assertThat(found.entropies()).containsExactly(expected.entropies(), within(ROUNDING));
            }
        }
        assertThat(packed).hasSize(next);
    }

    @Provide
    Arbitrary<List<TrainingRow>> batches() {
        return rows().list().ofMinSize(1).ofMaxSize(4);
    }

    private Arbitrary<TrainingRow> rows() {
        Arbitrary<String> text = Arbitraries.strings().ascii().ofMaxLength(12);
        Arbitrary<List<EncodedImage>> images = Arbitraries.of(pictures()).list().ofMaxSize(2);
        Arbitrary<List<TokenIds>> continuations = tokens().list().ofMinSize(1).ofMaxSize(4);
        return Combinators.combine(text, images, continuations)
                .as((words, shown, answers) ->
                        new TrainingRow(policy.tokenize(new Prompt("p", words, shown)), shown, answers));
    }

    private static List<EncodedImage> pictures() {
        List<EncodedImage> pictures = new ArrayList<>();
        IntStream.of(8, 16, 40).forEach(side -> pictures.add(TinyModel.picture(side, 24, side)));
        return pictures;
    }

    private static Arbitrary<TokenIds> tokens() {
        return Arbitraries.integers()
                .between(0, 255)
                .array(int[].class)
                .ofMinSize(1)
                .ofMaxSize(9)
                .map(TokenIds::of);
    }
}
