package io.railhead.actors.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.railhead.actors.settings.ConfigurationException;
import io.railhead.actors.stage.StageSpec.Advance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CurriculumTest {
    private static final StageSpec EASY = stage("easy", 0, new Advance.Budget(3), "a");
    private static final StageSpec HARD = stage("hard", 0, new Advance.Unbounded(), "b");
    private static final List<PromptRef> CATALOGUE = Prompts.of(4, "a", "b").catalogue();

    private static StageSpec stage(String name, double rehearsal, Advance advance, String... kinds) {
        return new StageSpec(name, List.of(kinds), List.of(), 7, rehearsal, advance);
    }

    @Test
    void movesOnWhenTheBudgetIsSpentAndSaysWhy() {
        Curriculum curriculum = Curriculum.of(List.of(EASY, HARD), CATALOGUE, 1);
        assertThat(curriculum.advance()).isEmpty();
        for (int i = 0; i < 3; i++) {
            curriculum = curriculum.draw(i).next();
        }

        Curriculum.Advanced advanced = curriculum.advance().orElseThrow();

        assertThat(advanced.from()).isEqualTo("easy");
        assertThat(advanced.to()).isEqualTo("hard");
        assertThat(advanced.cause()).isEqualTo("its budget of 3 groups is spent");
        assertThat(advanced.next().draw(3).promptId()).startsWith("b-");
        assertThat(advanced.next().advance()).isEmpty();
    }

    @Test
    void movesOnAfterOnePassOverTheStagesPrompts() {
        Curriculum curriculum =
                Curriculum.of(List.of(stage("once", 0, new Advance.OnePass(), "a"), HARD), CATALOGUE, 1);
        for (int i = 0; i < 4; i++) {
            assertThat(curriculum.advance()).isEmpty();
            curriculum = curriculum.draw(i).next();
        }

        assertThat(curriculum.advance()).isPresent();
    }

    @Test
    void movesOnWhenTheStageIsMastered() {
        Curriculum curriculum =
                Curriculum.of(List.of(stage("learn", 0, new Advance.Mastery(0.5, 1), "a"), HARD), CATALOGUE, 1);
        curriculum = curriculum.draw(0).next();
        int groups = 0;
        while (curriculum.advance().isEmpty()) {
            curriculum = curriculum.observed("learn", "a-0", 1);
            groups++;
        }

        assertThat(groups).isEqualTo(7); // 1 - 0.9^7 = 0.52
    }

    @Test
    void groupsOfAnotherStageDoNotCountForTheMastery() {
        Curriculum curriculum = Curriculum.of(List.of(EASY, HARD), CATALOGUE, 1);

        assertThat(curriculum.observed("hard", "b-0", 1)).isEqualTo(curriculum);
    }

    @Test
    void skipsStagesWithoutPromptsAndSaysSo() {
        Curriculum curriculum =
                Curriculum.of(List.of(stage("none", 0, new Advance.OnePass(), "c"), HARD), CATALOGUE, 1);

        assertThat(curriculum.stage()).isEqualTo("hard");
        assertThat(curriculum.skipped()).containsExactly("stage none is skipped: the data has no prompt of kind c");
    }

    @Test
    void withoutAnyPromptItIsAnErrorThatNamesTheKinds() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Curriculum.of(List.of(stage("none", 0, new Advance.OnePass(), "c")), CATALOGUE, 1))
                .withMessageContaining("kind c")
                .withMessageContaining("the kinds [a, b]");
    }

    @Test
    void selectsByDifficultyToo() {
        StageSpec hardOnly = new StageSpec("hard", List.of("a"), List.of("hard"), 7, 0, new Advance.Unbounded());

        assertThat(CATALOGUE.stream().filter(hardOnly::selects).map(PromptRef::id))
                .containsExactly("a-1", "a-3");
    }

    @Test
    void rehearsesAboutTheShareAskedForUnderTheNameOfTheEarlierStage() {
        Curriculum curriculum =
                Curriculum.of(List.of(EASY, stage("hard", 0.25, new Advance.Unbounded(), "b")), CATALOGUE, 1);
        for (int i = 0; i < 3; i++) {
            curriculum = curriculum.draw(i).next();
        }
        curriculum = curriculum.advance().orElseThrow().next();
        List<String> stages = new ArrayList<>();
        for (int i = 3; i < 1003; i++) {
            Curriculum.Draw draw = curriculum.draw(i);
            stages.add(draw.stage());
            assertThat(draw.promptId()).startsWith(draw.stage().equals("easy") ? "a-" : "b-");
            curriculum = draw.next();
        }

        assertThat(stages.stream().filter("easy"::equals).count()).isBetween(200L, 300L);
    }

    @Test
    void refusesAPositionOfAnotherCurriculum() {
        Curriculum one = Curriculum.of(List.of(HARD), CATALOGUE, 1);
        Curriculum two = Curriculum.of(List.of(EASY, HARD), CATALOGUE, 1);

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> one.at(two.position()))
                .withMessageContaining("stage 1 of 2");
    }

    @Test
    void theRewardMapPresetHasTheFourBlocks() {
        List<StageSpec> stages = CurriculumPresets.REWARDMAP.stages(100, List.of(0.2, 0.1), 0.1, 1);

        assertThat(stages)
                .extracting(StageSpec::kinds)
                .containsExactly(
                        List.of("TorF1", "TorF2"),
                        List.of("Counting2", "Counting3"),
                        List.of("Counting1"),
                        List.of("planning"));
        assertThat(stages)
                .extracting(StageSpec::advance)
                .containsExactly(
                        new Advance.Budget(20), new Advance.Budget(10), new Advance.OnePass(), new Advance.Unbounded());
        assertThat(stages).extracting(StageSpec::rehearsal).containsExactly(0.0, 0.1, 0.1, 0.1);
    }

    @Test
    void movesOnWhenTheStageNoLongerGetsBetter() {
        Curriculum curriculum =
                Curriculum.of(List.of(stage("learn", 0, new Advance.Plateau(0.01, 5), "a"), HARD), CATALOGUE, 1);
        int groups = 0;
        while (curriculum.advance().isEmpty()) {
            curriculum = curriculum.observed("learn", "a-0", 0.5);
            groups++;
        }

        // 0.5 (1 - 0.9^n) is last 0.01 over the best at n = 29; then 5 groups are not
        assertThat(groups).isEqualTo(34);
        assertThat(curriculum.advance().orElseThrow().cause()).contains("groups brought no rise of 0.010");
        assertThat(curriculum.advance().orElseThrow().next().position().groupsSinceBest())
                .isZero();
    }

    @Test
    void poolsDrawPromptsThatAreNeitherEasyNorHardMoreOftenAndResumeAlike() {
        StageSpec pooled = stage("pooled", 0, new Advance.Unbounded(), "a")
                .withPools(Optional.of(new DifficultyPools(0.1, 0.9, 0.2, 0.1)));
        Curriculum curriculum = Curriculum.of(List.of(pooled), CATALOGUE, 1)
                .observed("pooled", "a-0", 0)
                .observed("pooled", "a-1", 1)
                .observed("pooled", "a-2", 0.5);
        Map<String, Integer> drawn = new TreeMap<>();
        for (int i = 0; i < 2300; i++) {
            Curriculum.Draw draw = curriculum.draw(i);
            assertThat(Curriculum.of(List.of(pooled), CATALOGUE, 1)
                            .at(curriculum.position())
                            .draw(i)
                            .promptId())
                    .isEqualTo(draw.promptId());
            drawn.merge(draw.promptId(), 1, Integer::sum);
            curriculum = draw.next();
        }

        // in proportion 0.2 : 0.1 : 1 : 1 (the last was never asked)
        assertThat(drawn.get("a-0")).isBetween(150, 250);
        assertThat(drawn.get("a-1")).isBetween(60, 140);
        assertThat(drawn.get("a-2")).isBetween(900, 1100);
        assertThat(drawn.get("a-3")).isBetween(900, 1100);
    }

    @Test
    void aPromptsRecentMeanFollowsItsNewestGroups() {
        StageSpec pooled = stage("pooled", 0, new Advance.Unbounded(), "a")
                .withPools(Optional.of(new DifficultyPools(0.1, 0.9, 0.2, 0.1)));
        Curriculum curriculum = Curriculum.of(List.of(pooled), CATALOGUE, 1)
                .observed("pooled", "a-0", 1)
                .observed("pooled", "a-0", 0);

        assertThat(curriculum.position().recentMeans()).containsExactly(Map.entry("a-0", 0.5));
        assertThat(Curriculum.of(List.of(EASY), CATALOGUE, 1)
                        .observed("easy", "a-0", 1)
                        .position()
                        .recentMeans())
                .isEmpty();
    }

    @Test
    void theCoarseAndFinePresetsAreThePapersVariants() {
        assertThat(CurriculumPresets.COARSE.stages(100, List.of(0.5), 0, 1))
                .extracting(StageSpec::kinds)
                .containsExactly(List.of("TorF1", "TorF2", "Counting2", "Counting3", "Counting1"), List.of("planning"));
        assertThat(CurriculumPresets.FINE.stages(100, List.of(), 0, 1))
                .extracting(StageSpec::name)
                .containsExactly("TorF1", "TorF2", "Counting3", "Counting2", "Counting1", "planning");
    }
}
