package io.railhead.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.StageSnapshot;
import io.railhead.app.run.RunDirectory;
import io.railhead.learner.Checkpoints;
import io.railhead.learner.CommitScore;
import io.railhead.learner.Retention;
import io.railhead.policy.PolicyVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointCommandTest {
    @TempDir
    Path temp;

    private Path run;

    @BeforeEach
    void commitFour() throws Exception {
        run = temp.resolve("run");
        RunDirectory.create(run, ConfigFactory.parseString("railhead.learner.checkpoints.keep-last = 4"))
                .close();
        Checkpoints checkpoints = Checkpoints.in(run, Retention.last(4));
        for (int version = 10; version <= 40; version += 10) {
            checkpoints.commit(
                    stage(version),
                    Optional.of(new CommitScore("reward/mean", version == 20 ? 0.75 : 0.5, 10)),
                    directory -> Files.writeString(directory.resolve("weights"), "weights"));
        }
    }

    @Test
    void listsWithScores() {
        CommandRun listed = CommandRun.of("checkpoint", "list", run.toString());
        assertThat(listed.status()).as(listed.err()).isZero();
        assertThat(listed.out().lines())
                .hasSize(5)
                .anySatisfy(line -> assertThat(line).startsWith("v20").contains("reward/mean 0.7500 over 10 steps"))
                .last()
                .isEqualTo("the run goes on from v40");
        assertThat(CommandRun.of("checkpoint", "list", "--json", run.toString()).out())
                .contains("\"goes_on_from\":40")
                .contains("{\"metric\":\"reward/mean\",\"mean\":0.75,\"steps\":10}");
    }

    @Test
    void verifyNamesTheFileAndBothHashes() throws Exception {
        assertThat(CommandRun.of("checkpoint", "verify", run.toString()))
                .isEqualTo(new CommandRun(0, "v10 good\nv20 good\nv30 good\nv40 good\n", ""));
        Path damaged = run.resolve("checkpoints/step-40");
        Files.writeString(damaged.resolve("weights"), "Weights");

        CommandRun verified = CommandRun.of("checkpoint", "verify", run.toString());
        assertThat(verified.status()).isEqualTo(1);
        assertThat(verified.out())
                .contains("v30 good\n")
                .endsWith("v40 damaged: weights has SHA-256 %s instead of %s\n"
                        .formatted(sha256("Weights"), sha256("weights")));
        assertThat(CommandRun.of("checkpoint", "verify", damaged.toString()).status())
                .isEqualTo(1);
        assertThat(CommandRun.of("checkpoint", "verify", "--json", run.toString())
                        .out())
                .contains("\"goes_on_from\":30");
    }

    @Test
    void pruneKeepsByRuleAndSaysWhatItWouldDelete() {
        CommandRun dry = CommandRun.of(
                "checkpoint", "prune", "--dry-run", "--keep-last", "1", "--keep-best", "1", run.toString());
        assertThat(dry)
                .isEqualTo(new CommandRun(
                        0,
                        "would delete %1$s/checkpoints/step-10%nwould delete %1$s/checkpoints/step-30%n".formatted(run)
                                + "2 checkpoints would be deleted\n",
                        ""));
        CommandRun.of("checkpoint", "prune", "--keep-last", "1", "--keep-best", "1", run.toString());
        assertThat(CommandRun.of("checkpoint", "list", run.toString()).out().lines())
                .hasSize(3)
                .first()
                .asString()
                .startsWith("v20");
    }

    @Test
    void wrongInputIsStatusTwo() throws Exception {
        Path empty = Files.createDirectory(temp.resolve("empty"));
        for (String command : List.of("list", "verify", "prune")) {
            CommandRun answer = CommandRun.of("checkpoint", command, empty.toString());
            assertThat(answer.status()).isEqualTo(2);
            assertThat(answer.err()).contains("no run in " + empty);
        }
        assertThat(CommandRun.of("checkpoint", "prune", "--keep-last", "0", run.toString()))
                .isEqualTo(new CommandRun(2, "", "railhead: at least one checkpoint is kept: 0\n"));
        try (RunDirectory busy = RunDirectory.open(run)) {
            CommandRun answer = CommandRun.of("checkpoint", "prune", busy.root().toString());
            assertThat(answer.status()).isEqualTo(2);
            assertThat(answer.err()).contains("another run of this process works in " + run);
        }
    }

    private static String sha256(String contents) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        return HexFormat.of().formatHex(digest.digest(contents.getBytes(StandardCharsets.UTF_8)));
    }

    private static StageSnapshot stage(long version) {
        return new StageSnapshot(
                new PolicyVersion(version),
                new LedgerCounts(5, 5, 0, 0, 0, 0),
                List.of(),
                new StageSnapshot.CurriculumPosition(0, List.of(5L), 5, 0.5),
                5);
    }
}
