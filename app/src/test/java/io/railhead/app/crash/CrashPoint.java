package io.railhead.app.crash;

import io.railhead.actors.protocol.StageCommand.RunEnded;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where and how a life of a run ends: before operation or message `number`.
///
/// @param seed of what a power cut leaves
record CrashPoint(int staleness, End end, Before before, long number, long seed) {
    /// What is left of the files.
    enum End {
        /// All that was written.
        KILLED,
        /// All that was flushed, and any part of the rest.
        POWER_CUT
    }

    enum Before {
        FILE_OPERATION,
        MESSAGE,
        /// Of a run on actors, with one worker, and three when it goes on; the seed is that of their order.
        ACTORS_MESSAGE
    }

    /// All there are between the messages of a run on actors that ends by itself.
    static List<CrashPoint> ofActors(int staleness, long seed) throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        ActorsRun run = new ActorsRun(disk.path("/run"), staleness, 1, seed);
        run.run();
        List<CrashPoint> points = new ArrayList<>();
        for (long number = 0; number < run.messages(); number++) {
            points.add(new CrashPoint(staleness, End.KILLED, Before.ACTORS_MESSAGE, number, seed));
        }
        run.close();
        return points;
    }

    /// All there are in a run that ends by itself.
    ///
    /// @param seeds how often each of them, with different leavings
    static List<CrashPoint> all(int staleness, End end, Before before, int seeds) throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        long[] messages = {0};
        try (SingleThreadedRun run =
                new SingleThreadedRun(disk.path("/run"), staleness, number -> messages[0] = number + 1)) {
            run.run();
        }
        List<CrashPoint> points = new ArrayList<>();
        for (long number = 0; number < (before == Before.MESSAGE ? messages[0] : disk.operations()); number++) {
            for (int seed = 0; seed < seeds; seed++) {
                points.add(new CrashPoint(staleness, end, before, number, seed));
            }
        }
        return points;
    }

    /// What is wrong after this and a second life to the end; empty if nothing is.
    String tryOut(RunHistory straight) {
        try {
            SimulatedDisk after = leftBy(firstLife());
            RunEnded ended = secondLife(after.path("/run"));
            if (ended.outcome() != RunEnded.Outcome.FINISHED) {
                return ended.toString();
            }
            return RunHistory.of(after.path("/run"), staleness).difference(straight, staleness);
        } catch (Exception e) {
            return e.toString();
        }
    }

    private RunEnded secondLife(Path root) throws Exception {
        if (before == Before.ACTORS_MESSAGE) {
            ActorsRun run = new ActorsRun(root, staleness, 3, seed + 1);
            RunEnded ended = run.run();
            run.close();
            return ended;
        }
        try (SingleThreadedRun run = new SingleThreadedRun(root, staleness, _ -> {})) {
            return run.run();
        }
    }

    private SimulatedDisk firstLife() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        if (before == Before.ACTORS_MESSAGE) {
            ActorsRun run = new ActorsRun(disk.path("/run"), staleness, 1, seed);
            while (run.messages() < number) {
                run.step();
            }
            disk.end(); // and nobody is told
            return disk;
        }
        if (before == Before.FILE_OPERATION) {
            disk.cutAt(number);
        }
        try (SingleThreadedRun run = new SingleThreadedRun(disk.path("/run"), staleness, message -> {
            if (before == Before.MESSAGE && message == number) {
                disk.end();
                throw new PowerCut("message " + message);
            }
        })) {
            run.run();
        } catch (PowerCut _) {
            return disk;
        }
        throw new AssertionError("the run came to its end before " + this);
    }

    private SimulatedDisk leftBy(SimulatedDisk disk) {
        return switch (end) {
            case KILLED -> disk.afterKill();
            case POWER_CUT -> disk.afterPowerCut(seed);
        };
    }
}
