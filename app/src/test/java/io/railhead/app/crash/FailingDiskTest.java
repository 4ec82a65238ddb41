package io.railhead.app.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.learner.Checkpoints;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A disk that is full or read-only costs commits, never the run's history.
class FailingDiskTest {
    private static final String FULL = "No space left on device";

    private final List<String> operations = new ArrayList<>();

    @Test
    void aCommitThatFailsAnywhereIsMadeUpForByTheNextOne() throws Exception {
        RunHistory straight = straight();
        List<Long> ofTheCommit = Stream.iterate(0L, number -> number < operations.size(), number -> number + 1)
                .filter(number -> operations.get(number.intValue()).contains("step-4"))
                .toList();
        assertThat(ofTheCommit).hasSizeGreaterThan(20);
        for (long failing : ofTheCommit) {
            SimulatedDisk disk = new SimulatedDisk();
            disk.under((number, _) -> {
                if (number == failing) {
                    throw new IOException(FULL);
                }
            });
            try (SingleThreadedRun run = new SingleThreadedRun(disk.path("/run"), 0, _ -> {})) {
                assertThat(run.run().outcome())
                        .as("failing at %s", operations.get((int) failing))
                        .isEqualTo(RunEnded.Outcome.FINISHED);
            }
            assertThat(RunHistory.of(disk.path("/run"), 0))
                    .as("failing at %s", operations.get((int) failing))
                    .isEqualTo(straight);
            assertThat(names(disk.path("/run/checkpoints"))).allMatch(name -> name.startsWith("step-"));
        }
    }

    @Test
    void aRunThatCanCommitNoMoreEndsWithTheCauseAndItsLastCommitStands() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        disk.under((_, operation) -> {
            if (operation.contains(".tmp-step") && !operation.contains(".tmp-step-2")) {
                throw new IOException("Read-only file system");
            }
        });
        try (SingleThreadedRun run = new SingleThreadedRun(disk.path("/run"), 0, _ -> {})) {
            RunEnded end = run.run();
            assertThat(end.outcome()).isEqualTo(RunEnded.Outcome.FAILED);
            assertThat(end.cause())
                    .contains("the last checkpoint was not written")
                    .contains("Read-only file system");
        }
        assertThat(Checkpoints.latest(disk.path("/run"))
                        .checkpoint()
                        .orElseThrow()
                        .version())
                .isEqualTo(new PolicyVersion(2));
    }

    @Test
    void aDiskThatIsFullEndsTheRunAndWithSpaceItGoesOnAsIfNothingHadHappened() throws Exception {
        RunHistory straight = straight();
        for (int full = 20; full < operations.size(); full += 7) {
            SimulatedDisk disk = new SimulatedDisk();
            long from = full;
            disk.under((number, operation) -> {
                if (number >= from && !operation.startsWith("delete")) {
                    throw new IOException(FULL);
                }
            });
            assertThatThrownBy(() -> {
                        String cause;
                        try (SingleThreadedRun run = new SingleThreadedRun(disk.path("/run"), 0, _ -> {})) {
                            cause = run.run().cause();
                        }
                        throw new IOException(cause);
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(FULL);
            disk.end();
            SimulatedDisk space = disk.afterKill();
            try (SingleThreadedRun run = new SingleThreadedRun(space.path("/run"), 0, _ -> {})) {
                run.run();
            }
            assertThat(RunHistory.of(space.path("/run"), 0))
                    .as("full from operation %s on", full)
                    .isEqualTo(straight);
        }
    }

    /// What the run is on a good disk; its operations are listed.
    private RunHistory straight() throws Exception {
        SimulatedDisk disk = new SimulatedDisk().under((_, operation) -> operations.add(operation));
        try (SingleThreadedRun run = new SingleThreadedRun(disk.path("/run"), 0, _ -> {})) {
            run.run();
        }
        return RunHistory.of(disk.path("/run"), 0);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }
}
