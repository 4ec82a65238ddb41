package io.railhead.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    private static final Config CONFIG = ConfigFactory.parseString("railhead.run.steps = 3, pekko.loglevel = INFO");

    @TempDir
    Path temp;

    @Test
    void keepsTheResolvedConfigurationOfItsOwnSectionsOnly() {
        Path root = temp.resolve("a/run");
        try (RunDirectory directory = RunDirectory.create(root, CONFIG)) {
            assertThat(RunDirectory.configOf(directory.root()))
                    .isEqualTo(ConfigFactory.parseString("railhead.run.steps = 3"));
        }
    }

    @Test
    void refusesANewRunWhereOneLives() {
        RunDirectory.create(temp, CONFIG).close();
        assertThatThrownBy(() -> RunDirectory.create(temp, CONFIG))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(temp.toString())
                .hasMessageContaining("--resume")
                .hasMessageContaining("--run-dir");
    }

    @Test
    void refusesADirectoryThatHoldsSomethingElse() throws IOException {
        Files.writeString(temp.resolve("thesis.txt"), "mine");
        assertThatThrownBy(() -> RunDirectory.create(temp, CONFIG))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("not empty");
        assertThat(temp).isDirectoryNotContaining(p -> !p.endsWith("thesis.txt"));
    }

    @Test
    void refusesToResumeWhereNoRunLives() {
        assertThatThrownBy(() -> RunDirectory.open(temp))
                .isInstanceOf(UsageException.class)
                .hasMessage("no run to resume in " + temp);
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void isHeldByOneAtATime() {
        try (RunDirectory _ = RunDirectory.create(temp, CONFIG)) {
            assertThatThrownBy(() -> RunDirectory.open(temp))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining(temp.toString());
        }
        RunDirectory.open(temp).close();
    }

    @Test
    void theNewestRunIsTheOneThatWasStartedLast() throws IOException {
        for (String name : new String[] {"older", "newer"}) {
            RunDirectory.create(temp.resolve(name), CONFIG).close();
        }
        Files.createDirectories(temp.resolve("zz-no-run"));
        Files.setLastModifiedTime(
                temp.resolve("older/config.conf"), FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        assertThat(RunDirectory.newest(temp)).contains(temp.resolve("newer"));
        assertThat(RunDirectory.newest(temp.resolve("nowhere"))).isEmpty();
    }

    @Test
    void aFreshRunIsNamedByItsStart() {
        assertThat(RunDirectory.fresh(LocalDateTime.of(2026, 1, 2, 3, 4, 5)))
                .isEqualTo(Path.of("runs", "20260102-030405"));
    }
}
