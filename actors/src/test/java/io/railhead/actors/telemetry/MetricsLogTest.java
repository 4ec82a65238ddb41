package io.railhead.actors.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsLogTest {
    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("metrics.jsonl");
    }

    @Test
    void stepIsOneJsonObjectOnALine() throws IOException {
        append(PolicyVersion.BASE, 1);
        assertThat(Files.readString(file)).isEqualTo("""
                {"version":1,"time":"2026-01-01T00:00:00.123Z","stage":"percep\\"tion\\u000a","groups":2,\
                "ledger/issued":8,"ledger/trained":4,"ledger/filtered":1,"ledger/stale":1,"ledger/failed":0,\
                "ledger/in-flight":2,"kl/mean":null,"loss/total":0.25}
                """);
    }

    @Test
    void resumeCutsTheLinesAfterTheResumedVersion() throws IOException {
        append(PolicyVersion.BASE, 1, 2, 3, 4);
        append(new PolicyVersion(2), 3);
        assertThat(versions()).containsExactly("1", "2", "3");
    }

    @Test
    void tornLastLineIsCutOff() throws IOException {
        append(PolicyVersion.BASE, 1, 2);
        Files.writeString(file, "{\"version\":3,\"ti", StandardOpenOption.APPEND);
        append(new PolicyVersion(2), 3);
        assertThat(versions()).containsExactly("1", "2", "3");
    }

    @Test
    void lineThatIsNotOursIsNamedAndNothingIsCut() throws IOException {
        append(PolicyVersion.BASE, 1);
        Files.writeString(file, "hello\n", StandardOpenOption.APPEND);
        String before = Files.readString(file);
        assertThatThrownBy(() -> MetricsLog.open(file, new PolicyVersion(9)))
                .isInstanceOf(IOException.class)
                .hasMessage(file + " line 2 is not the metrics of a step");
        assertThat(Files.readString(file)).isEqualTo(before);
    }

    @Test
    void whatAWriterFromBeforeStillWritesIsInNobodysWay() throws IOException {
        append(PolicyVersion.BASE, 1);
        try (MetricsLog frozen = MetricsLog.open(file, new PolicyVersion(1))) {
            append(new PolicyVersion(1), 2);
            frozen.append(Facts.TIME, Facts.step(9));
            append(new PolicyVersion(2), 3);
        }
        assertThat(versions()).containsExactly("1", "2", "3");
    }

    private void append(PolicyVersion resumedAt, long... versions) throws IOException {
        try (MetricsLog log = MetricsLog.open(file, resumedAt)) {
            for (long version : versions) {
                log.append(Facts.TIME, Facts.step(version));
            }
            log.force();
        }
    }

    private List<String> versions() throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> line.replaceAll("\\{\"version\":([0-9]+),.*", "$1"))
                .toList();
    }
}
