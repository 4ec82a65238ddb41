package io.railhead.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.RunFact.LeaseEnded.Outcome;
import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.protocol.Task;
import io.railhead.actors.telemetry.EventLog;
import io.railhead.actors.telemetry.RecordedFact;
import io.railhead.actors.telemetry.TelemetrySettings;
import io.railhead.app.CommandRun;
import io.railhead.policy.FinishReason;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two groups trained, one dropped late with half of its responses, one filtered, and one of which nothing came; and
/// a step that a later life did not go on from.
class DroppedEventsTest {
    private static final PolicyVersion V1 = new PolicyVersion(1);
    private static final PolicyVersion V2 = new PolicyVersion(2);

    @TempDir
    Path run;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(
                run.resolve("config.conf"),
                "railhead { stage.group-size = 2, data { source = folder, folder = %s } }\n"
                        .formatted(run.resolve("nothing-there")));
        try (EventLog log = EventLog.open(run.resolve("events"), new TelemetrySettings(1 << 20, false, 0))) {
            for (RunFact fact : List.of(
                    issued(0, "near"),
                    issued(1, "near"),
                    issued(2, "far"),
                    issued(3, "near"),
                    issued(4, "lost"),
                    sample(0, 0, "near", "easy", 2),
                    sample(0, 1, "near", "easy", 4),
                    sample(1, 0, "near", "easy", 4),
                    sample(1, 1, "near", "easy", 2),
                    sample(2, 0, "far", "hard", 8),
                    sample(3, 0, "near", "easy", 3),
                    sample(3, 1, "near", "easy", 3),
                    ended(3, Outcome.FILTERED, PolicyVersion.BASE),
                    ended(2, Outcome.STALE, V1),
                    ended(4, Outcome.FAILED, V1),
                    ended(0, Outcome.TRAINED, V1),
                    ended(1, Outcome.TRAINED, V1),
                    step(V1, 0.25),
                    issued(5, "near"),
                    sample(5, 0, "near", "easy", 100),
                    ended(5, Outcome.TRAINED, V2),
                    step(V2, 1),
                    new RunFact.IncarnationBegan(new Incarnation(2), new Incarnation(1), Optional.of(V1)))) {
                log.append(new RecordedFact(Instant.EPOCH, fact));
            }
        }
    }

    private static RunFact issued(long lease, String prompt) {
        return new RunFact.LeaseIssued(new LeaseId(lease), 1, "flat", prompt, PolicyVersion.BASE, "a");
    }

    private static RunFact ended(long lease, Outcome outcome, PolicyVersion at) {
        return new RunFact.LeaseEnded(new LeaseId(lease), outcome, at, "");
    }

    private static RunFact step(PolicyVersion made, double leftOut) {
        return new RunFact.StepFinished(
                made,
                "flat",
                List.of(),
                LedgerCounts.ZERO,
                Map.of("policy/left-out-fraction-token", leftOut, "batch/response-tokens", 12.0));
    }

    private static RunFact sample(long lease, int index, String prompt, String difficulty, int tokens) {
        return new RunFact.TrajectoryTaken(new ScoredRollout(
                new Rollout(
                        new LeaseId(lease),
                        1,
                        index,
                        "flat",
                        new Task(new Prompt(prompt, "where?", List.of()), "planning", difficulty, "key"),
                        TokenIds.of(1),
                        SampledTokens.of(TokenIds.of(new int[tokens]), new float[tokens], new long[tokens]),
                        "here",
                        FinishReason.STOP,
                        "a"),
                new Score(index, index == 0, 1, List.of())));
    }

    @Test
    void theTablesSayWhoWasDroppedByWhichRule() {
        CommandRun answer = CommandRun.of("events", run.toString(), "--dropped");
        assertThat(answer.err()).isEmpty();
        assertThat(answer.status()).isZero();
        assertThat(answer.out().lines().map(line -> line.trim().replaceAll(" {2,}", " | ")))
                .containsExactly(
                        "5 groups ended; a response that had not come has no length",
                        "",
                        "ended | groups | share | responses came | mean tokens | correct",
                        "trained | 2 | 40.0 % | 2.0 of 2 | 3.0 | 50.0 %",
                        "filtered | 1 | 20.0 % | 2.0 of 2 | 3.0 | 50.0 %",
                        "stale | 1 | 20.0 % | 1.0 of 2 | 8.0 | 100.0 %",
                        "failed | 1 | 20.0 % | 0.0 of 2 | - | -",
                        "",
                        "responses up to | trained | filtered | stale | failed | dropped",
                        "2 tokens | 2 | 0 | 0 | 0 | 0.0 %",
                        "3 tokens | 0 | 2 | 0 | 0 | 100.0 %",
                        "4 tokens | 2 | 0 | 0 | 0 | 0.0 %",
                        "8 tokens | 0 | 0 | 1 | 0 | 100.0 %",
                        "",
                        "groups of maps | trained | filtered | stale | failed | dropped",
                        "easy | 2 | 1 | 0 | 0 | 33.3 %",
                        "hard | 0 | 0 | 1 | 0 | 100.0 %",
                        "unknown | 0 | 0 | 0 | 1 | 100.0 %",
                        "",
                        "left out of the loss | share of tokens",
                        "token | 25.0 %");
    }

    @Test
    void programsGetOneObject() {
        CommandRun answer = CommandRun.of("events", run.toString(), "--dropped", "--json");
        assertThat(answer.out().lines()).hasSize(1);
        assertThat(answer.out())
                .startsWith("{\"groups\":5,\"group_size\":2,\"ended\":{\"trained\":{\"groups\":2,\"share\":0.4,")
                .contains("{\"longest\":8,\"trained\":0,\"filtered\":0,\"stale\":1,\"failed\":0,\"dropped_share\":1.0}")
                .contains("{\"difficulty\":\"hard\",\"trained\":0,")
                .contains("\"left_out\":{\"token\":0.25}");
    }

    @Test
    void itIsAnAnswerOfItsOwn() {
        CommandRun answer = CommandRun.of("events", run.toString(), "--dropped", "--check");
        assertThat(answer.status()).isEqualTo(2);
        assertThat(answer.err()).contains("--dropped is an answer of its own");
    }
}
