package io.railhead.transit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.transit.Difficulty;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.map.MapGenerator;
import io.railhead.transit.map.MapPainter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderTasksTest {
    private static final String STATIONS = """
            {"Line 1": ["A Station", "B Station (Transfer Station)", "C Station", "D Station"],
             "Line 2": ["E Station", "B Station (Transfer Station)", "F Station"]}
            """;

    @TempDir
    private Path folder;

    private byte[] picture = new byte[0];

    @BeforeEach
    void paint() {
        picture = new MapPainter().png(MapGenerator.generate(1, Difficulty.EASY));
    }

    private void city(String country, String city) throws IOException {
        Path file = folder.resolve("stations").resolve(country).resolve(city + ".json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, STATIONS);
    }

    private Path map(String country, String name, byte[] content) throws IOException {
        Path file = folder.resolve("maps").resolve(country).resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    @Test
    void asksAboutTheCitiesOfTheSplitAndReportsThoseWithoutPicture() throws IOException {
        city("norway", "oslo");
        map("norway", "oslo.png", picture);
        city("china", "jinan");
        city("italy", "rome");
        map("italy", "rome.png", picture);
        FolderTasks train = FolderTasks.of(folder, 5, 2, Split.TRAIN);
        assertThat(train.skipped())
                .containsExactly(new SkippedCity("china", "jinan", "no picture maps/china/jinan.png"));
        assertThat(train.tasks().items())
                .hasSize(11)
                .allMatch(item -> item.question().city().equals("oslo"))
                .allMatch(item -> item.question().mapDifficulty() == Difficulty.EASY);
        assertThat(train.tasks().items().getFirst().question().id()).isEqualTo("norway/oslo/TorF1-0");
        assertThat(train.tasks().items().getFirst().image().load()).isEqualTo(picture);
        assertThat(FolderTasks.of(folder, 5, 2, Split.TEST).tasks().items())
                .hasSize(11)
                .allMatch(item -> item.question().city().equals("rome"));
    }

    @Test
    void holdingOutQuestionsTrainsOnEveryCity() throws IOException {
        city("italy", "rome");
        map("italy", "rome.png", picture);
        List<TaskItem> train = FolderTasks.of(folder, 5, 2, Split.TRAIN, HoldOut.QUESTIONS)
                .tasks()
                .items();
        List<TaskItem> test = FolderTasks.of(folder, 5, 2, Split.TEST, HoldOut.QUESTIONS)
                .tasks()
                .items();
        assertThat(train).hasSizeGreaterThan(5);
        assertThat(test).hasSizeGreaterThan(3);
        assertThat(train.stream().map(item -> item.question().text()))
                .doesNotContainAnyElementsOf(
                        test.stream().map(item -> item.question().text()).toList());
    }

    @Test
    void namesAPictureWhoseHeaderCannotBeRead() throws IOException {
        city("norway", "oslo");
        Path broken = map("norway", "oslo.png", "<html>not found</html>".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> FolderTasks.of(folder, 5, 2, Split.TRAIN))
                .isInstanceOf(InvalidDataException.class)
                .hasMessage("picture " + broken + " is neither PNG nor JPEG");
    }

    @Test
    void namesAFolderThatHoldsNoCities() throws IOException {
        assertThatThrownBy(() -> FolderTasks.of(folder, 5, 2, Split.TRAIN))
                .isInstanceOf(InvalidDataException.class)
                .hasMessage("folder " + folder + " has no folder 'stations'");
        Files.createDirectories(folder.resolve("stations"));
        assertThatThrownBy(() -> FolderTasks.of(folder, 5, 2, Split.TRAIN))
                .isInstanceOf(InvalidDataException.class)
                .hasMessageContaining("has no <country>/<city>.json");
    }

    @Test
    void difficultyOfUnlabelledCitiesFollowsLinesAndTransfers() {
        assertThat(Cities.derived(3, 99)).isEqualTo(Difficulty.EASY);
        assertThat(Cities.derived(5, 102)).isEqualTo(Difficulty.MIDDLE);
        assertThat(Cities.derived(6, 29)).isEqualTo(Difficulty.MIDDLE);
        assertThat(Cities.derived(6, 30)).isEqualTo(Difficulty.HARD);
    }
}
