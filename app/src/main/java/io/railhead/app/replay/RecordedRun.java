package io.railhead.app.replay;

import com.typesafe.config.Config;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.telemetry.EventLogReader;
import io.railhead.actors.telemetry.RecordedFact;
import io.railhead.app.run.LayeredConfig;
import io.railhead.app.run.RunDirectory;
import io.railhead.app.run.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A run's directory as a replay reads it: the log twice, once for its lives and once for its steps.
///
/// @param settings of the learner that take the place of the recorded ones, as `learner.key=value`
public record RecordedRun(Path root, Survey survey, List<String> settings) {
    public RecordedRun {
        settings = List.copyOf(settings);
    }

    /// @throws UsageException if there is no run, or nothing is recorded of it
    public static RecordedRun open(Path root, List<String> settings) throws IOException {
        if (!RunDirectory.holdsRun(root) || !Files.isDirectory(root.resolve("events"))) {
            throw new UsageException("no run in " + root);
        }
        settings.stream()
                .filter(setting -> !setting.startsWith("learner."))
                .findFirst()
                .ifPresent(setting -> {
                    throw new UsageException("--with takes learner.KEY=VALUE, not " + setting);
                });
        Survey survey = Survey.EMPTY;
        EventLogReader log = EventLogReader.open(root.resolve("events"));
        for (Optional<RecordedFact> fact = log.next(); fact.isPresent(); fact = log.next()) {
            survey = survey.after(fact.get().fact());
        }
        return new RecordedRun(root, survey, settings);
    }

    /// What the first life begins with.
    Recipe first() {
        return recipe(Incarnation.NONE);
    }

    /// Whether any step needs the base policy as anchor.
    boolean needsReference() {
        return first().learner().objective().needsReference();
    }

    Recipe recipe(Incarnation life) {
        Config own = RunDirectory.configOf(root);
        return Recipe.of(new LayeredConfig(Optional.empty(), Optional.empty(), settings, Map.of()).resolveOver(own));
    }

    /// What takes a recorded thing, and may be unable to.
    interface Taker {
        void take(Recorded recorded) throws IOException, IncompleteLogException;
    }

    /// Hands over every step and commit that counts, in order.
    ///
    /// @throws IncompleteLogException naming the first step that cannot be done again
    void each(Taker taker) throws IOException, IncompleteLogException {
        LogFold fold = LogFold.start(survey.lineage(), first().limits());
        EventLogReader log = EventLogReader.open(root.resolve("events"));
        for (Optional<RecordedFact> fact = log.next(); fact.isPresent(); fact = log.next()) {
            if (fact.get().fact() instanceof RunFact.IncarnationBegan began) {
                fold = fold.beginning(
                        began.incarnation(), recipe(began.incarnation()).limits());
                continue;
            }
            LogFold.Next next = fold.after(fact.get().fact());
            fold = next.fold();
            for (Recorded recorded : next.made()) {
                taker.take(recorded);
            }
        }
        fold.end();
    }
}
