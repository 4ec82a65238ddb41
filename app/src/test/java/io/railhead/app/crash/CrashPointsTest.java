package io.railhead.app.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.app.crash.CrashPoint.Before;
import io.railhead.app.crash.CrashPoint.End;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A run that is ended before any operation on its files, or before any message, and gone on with, is the run that was
/// never ended: the same prompts in the same steps, the same ledger, the same weights.
///
/// A failure names its point; put it into `replay` to see that one alone.
class CrashPointsTest {
    @Test
    void aRunThatIsKilledAtAFileOperationGoesOnAsIfNothingHadHappened() throws Exception {
        check(CrashPoint.all(0, End.KILLED, Before.FILE_OPERATION, 1), 200);
    }

    @Test
    void aMachineThatLosesPowerAtAFileOperationGoesOnAsIfNothingHadHappened() throws Exception {
        check(CrashPoint.all(0, End.POWER_CUT, Before.FILE_OPERATION, 2), 400);
    }

    @Test
    void aRunThatIsKilledBetweenMessagesGoesOnAsIfNothingHadHappened() throws Exception {
        check(CrashPoint.all(0, End.KILLED, Before.MESSAGE, 1), 100);
    }

    @Test
    void anAsynchronousRunThatIsKilledBetweenMessagesLosesAndRepeatsNothing() throws Exception {
        check(CrashPoint.all(1, End.KILLED, Before.MESSAGE, 1), 100);
    }

    @Test
    void actorsThatAreEndedBetweenMessagesGoOnAsIfNothingHadHappened() throws Exception {
        check(some(CrashPoint.ofActors(0, 1), 7), 50);
    }

    @Test
    void asynchronousActorsThatAreEndedBetweenMessagesLoseAndRepeatNothing() throws Exception {
        check(some(CrashPoint.ofActors(1, 2), 11), 30);
    }

    @Test
    void replay() throws Exception {
        check(List.of(new CrashPoint(0, End.POWER_CUT, Before.FILE_OPERATION, 7, 0)), 1);
    }

    /// A system of actors costs a few tens of milliseconds: not every point, but others with every message more.
    private static List<CrashPoint> some(List<CrashPoint> points, int every) {
        return IntStream.range(0, points.size())
                .filter(i -> i % every == 0)
                .mapToObj(points::get)
                .toList();
    }

    private static void check(List<CrashPoint> points, int atLeast) throws Exception {
        assertThat(points).hasSizeGreaterThanOrEqualTo(atLeast);
        int staleness = points.getFirst().staleness();
        RunHistory straight = uninterrupted(staleness);
        assertThat(straight.faults()).isEmpty();
        assertThat(points)
                .allSatisfy(point ->
                        assertThat(point.tryOut(straight)).as("after %s", point).isEmpty());
    }

    private static RunHistory uninterrupted(int staleness) throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        try (SingleThreadedRun run = new SingleThreadedRun(disk.path("/run"), staleness, _ -> {})) {
            run.run();
        }
        return RunHistory.of(disk.path("/run"), staleness);
    }
}
