package io.railhead.app.replay;

import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.telemetry.EventLog;
import io.railhead.actors.telemetry.EventLogReader;
import io.railhead.actors.telemetry.RecordedFact;
import io.railhead.actors.telemetry.TelemetrySettings;
import io.railhead.app.run.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Runs with a log that was changed afterwards.
final class RecordedRuns {
    private RecordedRuns() {}

    /// A copy of a run.
    static Path copy(Path run, Path target) throws IOException {
        try (Stream<Path> paths = Files.walk(run)) {
            for (Path path : paths.toList()) {
                Files.copy(path, target.resolve(run.relativize(path).toString()));
            }
        }
        return target;
    }

    /// A copy whose log holds what the change makes of each fact.
    static Path changed(Path run, Path target, UnaryOperator<Optional<RunFact>> change) throws IOException {
        copy(run, target);
        Path events = target.resolve("events");
        FileTree.delete(events);
        EventLogReader log = EventLogReader.open(run.resolve("events"));
        try (EventLog rewritten = EventLog.open(events, new TelemetrySettings(1 << 20, false, 0))) {
            for (Optional<RecordedFact> fact = log.next(); fact.isPresent(); fact = log.next()) {
                Optional<RunFact> changed = change.apply(fact.map(RecordedFact::fact));
                if (changed.isPresent()) {
                    rewritten.append(new RecordedFact(fact.get().at(), changed.get()));
                }
            }
        }
        return target;
    }

    static boolean isSample(RunFact fact, long lease, int sample) {
        return fact instanceof RunFact.TrajectoryTaken(ScoredRollout(Rollout rollout, Score _))
                && rollout.lease().ordinal() == lease
                && rollout.sampleIndex() == sample;
    }

    static RunFact withReward(RunFact fact, double reward) {
        if (!(fact instanceof RunFact.TrajectoryTaken(ScoredRollout(Rollout rollout, Score score)))) {
            throw new IllegalArgumentException("no trajectory: " + fact);
        }
        return new RunFact.TrajectoryTaken(
                new ScoredRollout(rollout, new Score(reward, score.correct(), score.weight(), score.components())));
    }
}
