package io.railhead.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.telemetry.EventLog;
import io.railhead.actors.telemetry.RecordedFact;
import io.railhead.actors.telemetry.TelemetrySettings;
import io.railhead.app.CommandRun;
import io.railhead.app.Main;
import io.railhead.policy.PolicyVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FollowedEventsTest {
    private static final TelemetrySettings SMALL = new TelemetrySettings(200, true, 0);

    @TempDir
    Path run;

    @BeforeEach
    void beginRun() throws IOException {
        Files.writeString(run.resolve("config.conf"), "railhead {}\n");
    }

    @Test
    @Timeout(120)
    void whatTheRunAddsIsShownUntilSomebodyInterrupts() throws Exception {
        CompletableFuture<Integer> status = new CompletableFuture<>();
        try (EventLog log = EventLog.open(run.resolve("events"), SMALL);
                PipedInputStream heard = new PipedInputStream();
                PrintStream out = new PrintStream(new PipedOutputStream(heard), true, StandardCharsets.UTF_8);
                BufferedReader lines = new BufferedReader(new InputStreamReader(heard, StandardCharsets.UTF_8))) {
            log.append(issued(0));
            Terminal terminal = new Terminal(InputStream.nullInputStream(), out, out, false);
            Thread command = Thread.ofPlatform()
                    .start(() -> status.complete(
                            Main.run(terminal, "events", run.toString(), "--follow", "--kind", "issued")));
            for (int i = 0; i < 6; i++) {
                assertThat(lines.readLine()).isEqualTo(i + " issued lease-" + i + " attempt 1 at v0 to w prompt north");
                log.append(issued(i + 1));
            }
            command.interrupt();
            assertThat(status.get(60, TimeUnit.SECONDS)).isZero();
        }
    }

    @Test
    void aStepCannotBeFollowedAndACheckNeither() throws IOException {
        EventLog.open(run.resolve("events"), SMALL).close();
        CommandRun step = CommandRun.of("events", run.toString(), "--follow", "--step", "3");
        assertThat(step.status()).isEqualTo(2);
        assertThat(step.err()).contains("--step cannot be followed");
        CommandRun check = CommandRun.of("events", run.toString(), "--follow", "--check");
        assertThat(check.status()).isEqualTo(2);
        assertThat(check.err()).contains("--check looks at what is there");
    }

    @Test
    void aLogWithoutItsBeginningIsCheckedAndSaysSo() throws IOException {
        try (EventLog log = EventLog.open(run.resolve("events"), new TelemetrySettings(200, true, 400))) {
            for (int i = 0; i < 40; i++) {
                log.append(issued(i));
            }
        }
        CommandRun check = CommandRun.of("events", run.toString(), "--check");
        assertThat(check.err()).isEmpty();
        assertThat(check.out()).contains("the log begins with segment ").contains("all laws hold");
        CommandRun replay = CommandRun.of("replay", run.toString());
        assertThat(replay.status()).isEqualTo(2);
        assertThat(replay.err())
                .contains("was dropped (telemetry.event-log-limit), and a replay needs it from its start");
    }

    private static RecordedFact issued(int lease) {
        return new RecordedFact(
                Instant.ofEpochMilli(lease),
                new RunFact.LeaseIssued(new LeaseId(lease), 1, "flat", "north", PolicyVersion.BASE, "w"));
    }
}
