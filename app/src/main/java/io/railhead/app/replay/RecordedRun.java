package io.railhead.app.replay;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.telemetry.EventLogReader;
import io.railhead.actors.telemetry.RecordedFact;
import io.railhead.app.run.LayeredConfig;
import io.railhead.app.run.RunDirectory;
import io.railhead.app.run.UsageException;
import io.railhead.policy.djl.NativeThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    /// @throws UsageException if there is no run, nothing is recorded of it, or a setting is not the learner's
    public static RecordedRun open(Path root, List<String> settings) throws IOException {
        if (!RunDirectory.holdsRun(root) || !Files.isDirectory(root.resolve("events"))) {
            throw new UsageException("no run in " + root);
        }
        for (String setting : settings) {
            if (!setting.startsWith("learner.") && !setting.startsWith("railhead.learner.")) {
                throw new UsageException("--with takes learner.KEY=VALUE, not " + setting);
            }
        }
        Survey survey = Survey.EMPTY;
        try (EventLogReader log = EventLogReader.open(root.resolve("events"))) {
            if (log.firstSegment() > 1) {
                throw new UsageException(("the event log of %s begins with segment %d: what was before was dropped"
                                + " (telemetry.event-log-limit), and a replay needs it from its start")
                        .formatted(root, log.firstSegment()));
            }
            for (Optional<RecordedFact> fact = log.next(); fact.isPresent(); fact = log.next()) {
                survey = survey.after(fact.get().fact());
            }
        }
        return new RecordedRun(root, survey, settings);
    }

    /// What the first life that counts begins with.
    Recipe first() {
        return recipe(survey.chain().getFirst());
    }

    /// Whether any step needs the base policy as anchor.
    boolean needsReference() {
        return survey.chain().stream()
                .anyMatch(life -> recipe(life).learner().objective().needsReference());
    }

    /// As the life recorded it; where it did not, as the run's configuration is now.
    Recipe recipe(Incarnation life) {
        Optional<RunFact.LearnerStarted> started =
                Optional.ofNullable(survey.started().get(life));
        Config own = started.map(
                        learner -> ConfigFactory.parseString(learner.settings()).atPath("railhead"))
                .orElseGet(() -> RunDirectory.configOf(root));
        return Recipe.of(
                new LayeredConfig(Optional.empty(), Optional.empty(), settings, Map.of()).resolveOver(own), started);
    }

    /// What the reader should know of what the log does not say, and of what is not here as it was there. Ask before
    /// anything is replayed.
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (Incarnation life : survey.chain()) {
            RunFact.LearnerStarted started = survey.started().get(life);
            if (started == null) {
                notes.add("life %s recorded neither its settings nor its threads: config.conf is taken, and %d threads"
                        .formatted(life, NativeThreads.count()));
                continue;
            }
            if (started.nativeThreads() != NativeThreads.count()) {
                notes.add(
                        "life %s computed with %d native thread(s), and so does its replay; this process was started with %d"
                                .formatted(life, started.nativeThreads(), NativeThreads.count()));
            }
            if (!started.platform().equals(NativeThreads.platform())) {
                notes.add("life %s computed with %s, this is %s: the last bits may differ"
                        .formatted(life, started.platform(), NativeThreads.platform()));
            }
        }
        String device = first().options().compute().device();
        if (!device.equals("cpu")) {
            notes.add("the learner computes on " + device + ": only on processors are equal bits promised");
        }
        return notes;
    }

    /// What takes a recorded thing, and may be unable to. False if it wants no more.
    interface Taker {
        boolean take(Recorded recorded) throws IOException, IncompleteLogException;
    }

    /// Hands over all that counts, in order, until the taker has enough.
    ///
    /// @throws IncompleteLogException naming the first step that cannot be done again
    void each(Taker taker) throws IOException, IncompleteLogException {
        LogFold fold = LogFold.start(survey.lineage(), first().limits());
        try (EventLogReader log = EventLogReader.open(root.resolve("events"))) {
            for (Optional<RecordedFact> fact = log.next(); fact.isPresent(); fact = log.next()) {
                if (fact.get().fact() instanceof RunFact.IncarnationBegan began) {
                    fold = fold.beginning(
                            began.incarnation(), recipe(began.incarnation()).limits());
                    continue;
                }
                LogFold.Next next = fold.after(fact.get().fact());
                fold = next.fold();
                for (Recorded recorded : next.made()) {
                    if (!taker.take(recorded)) {
                        return;
                    }
                }
            }
        }
        fold.end();
    }
}
