package io.railhead.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
    @TempDir
    private Path temp;

    @Test
    void everyPromiseOfARealFileSystemIsTriedAndNothingIsLeft() {
        RunFolder.Result result = RunFolder.look(temp.resolve("runs/not/yet"));
        assertThat(result.findings().stream().map(Finding::check))
                .containsExactly("run directory", "create alone", "flush", "rename", "lock");
        assertThat(result.findings()).allMatch(Finding::good);
        assertThat(result.findings().getFirst().finding()).contains(temp.toString(), "GiB free");
        assertThat(result.findings().subList(1, 5))
                .allSatisfy(finding -> assertThat(finding.finding()).endsWith(" ms"));
        assertThat(result.probe().orElseThrow().written())
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(2));
        assertThat(result.newest()).isEmpty();
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void theNewestFileIsFound() throws IOException {
        Path run = Files.createDirectories(temp.resolve("run"));
        Path old = Files.createFile(temp.resolve("old"));
        Path future = Files.createFile(run.resolve("future"));
        Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
        Files.setLastModifiedTime(old, FileTime.from(Instant.EPOCH));
        Files.setLastModifiedTime(future, FileTime.from(tomorrow));
        assertThat(RunFolder.look(temp).newest().orElseThrow().name()).isEqualTo(future.toString());
    }

    @Test
    void aDirectoryThatCannotBeWrittenToIsNamed() {
        Path unwritable = Path.of("/proc"); // whoever runs the tests, root among them
        RunFolder.Result result = RunFolder.look(unwritable.resolve("runs"));
        assertThat(result.findings()).hasSize(1);
        Finding finding = result.findings().getFirst();
        assertThat(finding.good()).isFalse();
        assertThat(finding.finding()).startsWith("/proc cannot be written to: ");
        assertThat(finding.mend()).contains("--run-dir");
    }

    @Test
    void aFileInTheWayIsNamed() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));
        List<Finding> findings = RunFolder.look(file).findings();
        assertThat(findings).hasSize(1).noneMatch(Finding::good);
        assertThat(findings.getFirst().finding()).startsWith(file + " cannot be written to");
    }
}
