package io.railhead.app.ablation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.app.run.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsFileTest {
    private static final ArmResult BASE = Answers.result(Arm.BASE, 0, 0, false, true, true, false);
    private static final ArmResult FIRST = Answers.result("rewardmap", 1, 12.5, true, true, true, false);

    @TempDir
    Path temp;

    @Test
    void goesOnWithWhatIsThere() throws IOException {
        Path file = temp.resolve("results.jsonl");
        try (ResultsFile results = ResultsFile.open(file)) {
            results.append(BASE);
        }
        try (ResultsFile results = ResultsFile.open(file)) {
            assertThat(results.results()).containsExactly(BASE);
            results.append(FIRST);
        }
        try (ResultsFile results = ResultsFile.open(file)) {
            assertThat(results.results()).containsExactly(BASE, FIRST);
            assertThat(results.has("rewardmap", 1)).isTrue();
            assertThat(results.has("rewardmap", 2)).isFalse();
        }
    }

    @Test
    void cutsATornLastLineAway() throws IOException {
        Path file = temp.resolve("results.jsonl");
        try (ResultsFile results = ResultsFile.open(file)) {
            results.append(BASE);
        }
        Files.writeString(file, "{\"arm\":\"rewa", StandardOpenOption.APPEND);
        try (ResultsFile results = ResultsFile.open(file)) {
            results.append(FIRST);
        }
        try (ResultsFile results = ResultsFile.open(file)) {
            assertThat(results.results()).containsExactly(BASE, FIRST);
        }
    }

    @Test
    void namesALineThatIsNoResult() throws IOException {
        Path file = Files.writeString(temp.resolve("results.jsonl"), "nonsense\n");
        assertThatThrownBy(() -> ResultsFile.open(file))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(file + " line 1");
    }

    @Test
    void refusesAnswersToOtherQuestionsAndASecondProcess() throws IOException {
        Path file = temp.resolve("results.jsonl");
        try (ResultsFile results = ResultsFile.open(file)) {
            results.append(BASE);
            assertThatThrownBy(() -> results.append(Answers.result("rewardmap", 1, 1, true)))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("other questions");
            assertThatThrownBy(() -> ResultsFile.open(file)).isInstanceOf(UsageException.class);
        }
    }
}
