package io.railhead.app.supervised;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.policy.EncodedImage;
import io.railhead.policy.TokenIds;
import io.railhead.policy.TrainingRow;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackingTest {
    private static final int PLACEHOLDER = 9;
    private static final EncodedImage IMAGE = EncodedImage.of(new byte[] {1});

    @Test
    void questionsAboutOnePictureShareARowUpToWhereTheyDiffer() {
        List<Example> examples = List.of(
                example("a", TokenIds.of(1, 9, 2, 3, 4), TokenIds.of(7, 8)),
                example("b", TokenIds.of(1, 9, 2, 3), TokenIds.of(6)),
                example("a", TokenIds.of(1, 9, 2, 5), TokenIds.of(6)));
        assertThat(Packing.of(examples, PLACEHOLDER, 100))
                .containsExactly(new Packing.Pass(
                        List.of(
                                new TrainingRow(
                                        TokenIds.of(1, 9, 2),
                                        List.of(IMAGE),
                                        List.of(TokenIds.of(3, 4, 7, 8), TokenIds.of(5, 6))),
                                new TrainingRow(TokenIds.of(1, 9, 2, 3), List.of(IMAGE), List.of(TokenIds.of(6)))),
                        List.of(2, 1, 0)));
    }

    @Test
    void promptsThatDifferBeforeTheirPictureEndsHaveRowsOfTheirOwn() {
        List<Example> examples = List.of(
                example("a", TokenIds.of(1, 9, 2), TokenIds.of(6)), example("a", TokenIds.of(4, 9, 2), TokenIds.of(6)));
        assertThat(Packing.of(examples, PLACEHOLDER, 100).getFirst().rows()).hasSize(2);
    }

    @Test
    void noPassIsLongerThanTheBudgetUnlessOneExampleIs() {
        List<Example> examples = List.of(
                example("a", TokenIds.of(1, 9, 2, 3), TokenIds.of(6)),
                example("a", TokenIds.of(1, 9, 2, 4), TokenIds.of(6)),
                example("b", TokenIds.of(1, 9, 2, 4, 4, 4, 4, 4, 4, 4, 4, 4), TokenIds.of(6)),
                example("c", TokenIds.of(1, 9), TokenIds.of(6)));
        assertThat(Packing.of(examples, PLACEHOLDER, 10).stream().map(Packing.Pass::learnFrom))
                .containsExactly(List.of(1, 1), List.of(0), List.of(0));
    }

    private static Example example(String picture, TokenIds prompt, TokenIds answer) {
        return new Example(picture, List.of(IMAGE), prompt, answer);
    }
}
