package io.railhead.app.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.Trouble;
import io.railhead.actors.telemetry.EventLog;
import io.railhead.actors.telemetry.RecordedFact;
import io.railhead.actors.telemetry.TelemetrySettings;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two leases of two prompts, of which the first made v1 and the second was left out; the log is open all the while.
class EventQueryTest {
    private static final PolicyVersion V0 = PolicyVersion.BASE;
    private static final PolicyVersion V1 = V0.next();

    @TempDir
    Path events;

    private EventLog log;

    @BeforeEach
    void write() throws IOException {
        log = EventLog.open(events, new TelemetrySettings(1 << 20, false, 0));
        List<RunFact> facts = List.of(
                new RunFact.LeaseIssued(new LeaseId(0), 1, "flat", "north", V0, "a"),
                new RunFact.LeaseIssued(new LeaseId(1), 1, "flat", "south", V0, "b"),
                new RunFact.AlertRaised("no-trajectory", "worker b", "is slow", Instant.EPOCH, "warn"),
                new RunFact.TroubleFound(
                        V1,
                        List.of(new LeaseId(0), new LeaseId(1)),
                        new Trouble("not-finite-loss", "skip", "NaN", "f")),
                new RunFact.LeaseEnded(new LeaseId(0), RunFact.LeaseEnded.Outcome.TRAINED, V1, ""),
                new RunFact.LeaseEnded(new LeaseId(1), RunFact.LeaseEnded.Outcome.FAILED, V1, "left out"),
                new RunFact.StepFinished(
                        V1,
                        "flat",
                        List.of(new LeaseId(0)),
                        new LedgerCounts(2, 1, 0, 0, 1, 0),
                        Map.of("loss/total", 0.5)),
                new RunFact.LeaseIssued(new LeaseId(2), 1, "flat", "north", V1, "a"));
        for (int i = 0; i < facts.size(); i++) {
            log.append(new RecordedFact(Instant.ofEpochMilli(i), facts.get(i)));
        }
    }

    @AfterEach
    void close() throws IOException {
        log.close();
    }

    private static EventQuery all() {
        return new EventQuery(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of());
    }

    private List<String> lines(EventQuery query, boolean json) throws IOException {
        List<String> lines = new ArrayList<>();
        query.run(events, json, lines::add);
        return lines;
    }

    private List<Integer> found(EventQuery query) throws IOException {
        return lines(query, false).stream()
                .map(line -> Integer.valueOf(line.substring(0, line.indexOf(' '))))
                .toList();
    }

    @Test
    void withoutAFilterThereIsALineForEachFact() throws IOException {
        assertThat(lines(all(), false))
                .hasSize(8)
                .startsWith("0 issued lease-0 attempt 1 at v0 to a prompt north")
                .contains("5 ended lease-1 failed at v1 left out");
    }

    @Test
    void aStepIsAllThatMadeIt() throws IOException {
        assertThat(found(new EventQuery(Set.of(1L), Set.of(), Set.of(), Set.of(), Set.of(), Set.of())))
                .containsExactly(0, 1, 3, 4, 5, 6);
    }

    @Test
    void anEndIsAboutThePromptThatWasAsked() throws IOException {
        assertThat(found(new EventQuery(Set.of(), Set.of(), Set.of(), Set.of("north"), Set.of(), Set.of())))
                .containsExactly(0, 4, 7);
    }

    @Test
    void anAlertIsAboutItsWorker() throws IOException {
        assertThat(found(new EventQuery(Set.of(), Set.of(), Set.of(), Set.of(), Set.of("b"), Set.of())))
                .containsExactly(1, 2);
    }

    @Test
    void filtersNarrowEachOther() throws IOException {
        assertThat(found(new EventQuery(Set.of(), Set.of(1L), Set.of(), Set.of(), Set.of(), Set.of("issued", "step"))))
                .containsExactly(6, 7);
        assertThat(found(new EventQuery(Set.of(), Set.of(), Set.of(1L), Set.of(), Set.of(), Set.of("ended"))))
                .containsExactly(5);
    }

    @Test
    void eachFactIsAnObjectForPrograms() throws IOException {
        assertThat(lines(
                        new EventQuery(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of("step", "trouble")),
                        true))
                .containsExactly(
                        "{\"epoch_millis\":3,\"kind\":\"trouble\",\"version\":1,\"leases\":[0,1],\"trouble\":\"not-finite-loss\","
                                + "\"action\":\"skip\",\"cause\":\"NaN\",\"file\":\"f\"}",
                        "{\"epoch_millis\":6,\"kind\":\"step\",\"version\":1,\"leases\":[0],\"stage\":\"flat\",\"ledger\":{\"issued\":2,"
                                + "\"trained\":1,\"filtered\":0,\"stale\":0,\"failed\":1,\"inFlight\":0},\"metrics\":{\"loss/total\":0.5}}");
    }

    @Test
    void anUnknownKindIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> new EventQuery(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of("steps")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no kind of fact: steps; there are life, learner, issued");
    }
}
