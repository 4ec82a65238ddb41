package io.railhead.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MropePositionsTest {
    private static final int IMAGE = 9;

    static List<Golden.Case> cases() throws IOException {
        return Golden.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void positionsEqualTheRopeIndexOfTransformers(Golden.Case expected) throws IOException {
        ModelDirectory model = Golden.model();
        List<PatchGrid> grids = expected.prompt().images().stream()
                .map(model.imageProcessor()::patches)
                .toList();
        MropePositions positions = MropePositions.of(expected.inputIds(), model.config(), grids);
        assertThat(positions.positions()).isDeepEqualTo(expected.positions());
        assertThat(positions.next()).isEqualTo(expected.next());
    }

    @Test
    void textCountsUpAlongAllAxes() {
        MropePositions positions = MropePositions.of(TokenIds.of(5, 6, 7), IMAGE, List.of(), 2);
        assertThat(positions.positions()).isDeepEqualTo(new int[][] {{0, 1, 2}, {0, 1, 2}, {0, 1, 2}});
        assertThat(positions.next()).isEqualTo(3);
    }

    @Test
    void aPictureSpreadsOverRowsAndColumnsAndTheTextGoesOnAfterItsLongerSide() {
        PatchGrid grid = new PatchGrid(new float[0], 1, 4, 6); // 2 x 3 visual tokens
        TokenIds tokens = TokenIds.of(5, IMAGE, IMAGE, IMAGE, IMAGE, IMAGE, IMAGE, 7);
        MropePositions positions = MropePositions.of(tokens, IMAGE, List.of(grid), 2);
        assertThat(positions.positions()).isDeepEqualTo(new int[][] {
            {0, 1, 1, 1, 1, 1, 1, 4},
            {0, 1, 1, 1, 2, 2, 2, 4},
            {0, 1, 2, 3, 1, 2, 3, 4},
        });
        assertThat(positions.next()).isEqualTo(5);
    }

    @Test
    void refusesAVideo() throws IOException {
        PolicyConfig config = Golden.model().config();
        TokenIds tokens = TokenIds.of(5, 6, config.videoTokenId());
        assertThatThrownBy(() -> MropePositions.of(tokens, config, List.of()))
                .isInstanceOf(PromptRejectedException.class)
                .hasMessage("token 2 is a video placeholder (306), and videos are not supported");
    }

    @Test
    void refusesATokenBeyondTheVocabulary() throws IOException {
        PolicyConfig config = Golden.model().config();
        assertThatThrownBy(() -> MropePositions.of(TokenIds.of(5, 312), config, List.of()))
                .isInstanceOf(PromptRejectedException.class)
                .hasMessage("token 1 is 312, beyond the vocabulary of 312");
    }

    @Test
    void refusesMoreTokensThanPositions() throws IOException {
        PolicyConfig config = Golden.model().config();
        assertThatThrownBy(() -> MropePositions.of(TokenIds.of(new int[513]), config, List.of()))
                .isInstanceOf(PromptRejectedException.class)
                .hasMessage("513 tokens are more than the 512 positions of the policy");
    }

    @Test
    void refusesPlaceholdersThatDoNotMatchThePictures() {
        PatchGrid grid = new PatchGrid(new float[0], 1, 2, 4); // 1 x 2 visual tokens
        String named = " image placeholders (token 9) for pictures of ";
        assertThatThrownBy(() -> MropePositions.of(TokenIds.of(IMAGE), IMAGE, List.of(grid), 2))
                .isInstanceOf(PromptRejectedException.class)
                .hasMessage("1" + named + "[2] visual tokens");
        assertThatThrownBy(() -> MropePositions.of(TokenIds.of(IMAGE, 1, IMAGE), IMAGE, List.of(grid), 2))
                .isInstanceOf(PromptRejectedException.class)
                .hasMessage("2" + named + "[2] visual tokens");
        assertThatThrownBy(() -> MropePositions.of(TokenIds.of(IMAGE, IMAGE, IMAGE), IMAGE, List.of(grid), 2))
                .isInstanceOf(PromptRejectedException.class)
                .hasMessage("3" + named + "[2] visual tokens");
        assertThatThrownBy(() -> MropePositions.of(TokenIds.of(1), IMAGE, List.of(grid), 2))
                .isInstanceOf(PromptRejectedException.class)
                .hasMessage("0" + named + "[2] visual tokens");
    }
}
