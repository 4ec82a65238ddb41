package io.railhead.app.command;

import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.Trouble;
import io.railhead.actors.stage.StageSettings;
import io.railhead.actors.telemetry.EventLogReader;
import io.railhead.actors.telemetry.HistoryCheck;
import io.railhead.actors.telemetry.RecordedFact;
import io.railhead.app.report.Progress;
import io.railhead.app.run.LayeredConfig;
import io.railhead.app.run.RunDirectory;
import io.railhead.app.run.UsageException;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `railhead events`.
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        description = "What happened in a run, one fact a line: milliseconds, kind, and what there is to say.")
final class EventsCommand implements Callable<Integer> {
    private static final int SHOWN_FAULTS = 20;

    @Parameters(index = "0", paramLabel = "RUN_DIR", description = "A run.")
    private Path run = Path.of("");

    @Option(
            names = "--check",
            description = "Checks the run's laws instead: versions, ledger, staleness, nothing trained twice."
                    + " Status 1 if one does not hold.")
    private boolean check;

    private final Terminal terminal;

    EventsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (!RunDirectory.holdsRun(run)) {
            throw new UsageException("no run in " + run);
        }
        EventLogReader log = EventLogReader.open(run.resolve("events"));
        return check ? check(log) : show(log);
    }

    private int show(EventLogReader log) throws IOException {
        for (Optional<RecordedFact> fact = log.next(); fact.isPresent(); fact = log.next()) {
            terminal.out()
                    .println(fact.get().at().toEpochMilli() + " "
                            + line(fact.get().fact()));
        }
        terminal.out().flush();
        return 0;
    }

    private int check(EventLogReader log) throws IOException {
        StageSettings settings =
                StageSettings.from(new LayeredConfig(Optional.empty(), Optional.empty(), List.of(), new TreeMap<>())
                        .resolveOver(RunDirectory.configOf(run)));
        HistoryCheck history = new HistoryCheck(settings.groupSize(), settings.maxStaleness());
        for (Optional<RecordedFact> fact = log.next(); fact.isPresent(); fact = log.next()) {
            history.add(fact.get().fact());
        }
        HistoryCheck.Summary summary = history.summary();
        terminal.out()
                .printf(
                        "%d versions in %d lives (%d made and undone), %d samples, staleness %d of at most %d%n%s%n",
                        summary.versions(),
                        summary.lives(),
                        summary.undone(),
                        summary.samples(),
                        summary.staleness(),
                        settings.maxStaleness(),
                        Progress.sentence(summary.ledger()));
        history.faults().stream()
                .limit(SHOWN_FAULTS)
                .forEach(fault -> terminal.out().println("broken: " + fault));
        terminal.out()
                .println(
                        history.faults().isEmpty()
                                ? "all laws hold"
                                : history.faults().size() + " laws are broken");
        return history.faults().isEmpty() ? 0 : 1;
    }

    private static String line(RunFact fact) {
        return switch (fact) {
            case RunFact.IncarnationBegan began ->
                "life %s from %s"
                        .formatted(
                                began.incarnation(),
                                began.from().map(PolicyVersion::toString).orElse("nothing"));
            case RunFact.LeaseIssued issued ->
                "issued %s attempt %d at %s to %s prompt %s"
                        .formatted(issued.lease(), issued.attempt(), issued.at(), issued.workerId(), issued.promptId());
            case RunFact.LeaseEnded ended ->
                "ended %s %s at %s %s"
                        .formatted(
                                ended.lease(),
                                ended.outcome().name().toLowerCase(Locale.ROOT),
                                ended.at(),
                                ended.cause());
            case RunFact.TrajectoryTaken taken ->
                "sample %s %d attempt %d from %s"
                        .formatted(
                                taken.trajectory().rollout().lease(),
                                taken.trajectory().rollout().sampleIndex(),
                                taken.trajectory().rollout().attempt(),
                                taken.trajectory().rollout().workerId());
            case RunFact.StepFinished step -> "step %s %s".formatted(step.version(), Progress.sentence(step.ledger()));
            case RunFact.CheckpointWritten written -> "commit %s %s".formatted(written.version(), written.path());
            case RunFact.LearnerStarted started ->
                "learner of life %s on %d native threads, %s"
                        .formatted(started.incarnation(), started.nativeThreads(), started.platform());
            case RunFact.WeightsMade made -> "weights %s %s".formatted(made.version(), made.root());
            case RunFact.TroubleFound(PolicyVersion version, var batch, Trouble trouble) ->
                "trouble in the step to %s of %d leases: %s: %s; %s %s"
                        .formatted(
                                version,
                                batch.size(),
                                trouble.kind(),
                                trouble.cause(),
                                trouble.action(),
                                trouble.file());
            case RunFact.AlertRaised raised ->
                "alert %s: %s %s since %s; %s"
                        .formatted(raised.alert(), raised.owner(), raised.detail(), raised.since(), raised.action());
            case RunFact.AlertCleared cleared -> "alert %s of %s is over".formatted(cleared.alert(), cleared.owner());
            case RunFact.MemoryShort low -> "out of memory: %s: %s; %s".formatted(low.who(), low.cause(), low.answer());
            case RunFact.LogCompacted compacted ->
                "dropped %d facts from before the commit of %s".formatted(compacted.facts(), compacted.from());
            case RunFact.StageAdvanced advanced ->
                "stage %s to %s: %s".formatted(advanced.from(), advanced.to(), advanced.cause());
        };
    }
}
