package io.railhead.app.command;

import com.typesafe.config.Config;
import io.railhead.actors.stage.StageSettings;
import io.railhead.actors.telemetry.EventLogFollower;
import io.railhead.actors.telemetry.EventLogReader;
import io.railhead.actors.telemetry.HistoryCheck;
import io.railhead.actors.telemetry.RecordedFact;
import io.railhead.app.events.EventQuery;
import io.railhead.app.report.Progress;
import io.railhead.app.run.LayeredConfig;
import io.railhead.app.run.RunDirectory;
import io.railhead.app.run.UsageException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `railhead events`.
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        description =
                "What happened in a run, one fact a line: milliseconds, kind, and what there is to say. Filters can be"
                        + " given several times; a fact is shown if all of them let it through. The run may go on meanwhile.")
final class EventsCommand implements Callable<Integer> {
    private static final int SHOWN_FAULTS = 20;
    private static final Duration LOOK = Duration.ofMillis(500);

    @Parameters(index = "0", paramLabel = "RUN_DIR", description = "A run.")
    private Path run = Path.of("");

    @Option(
            names = "--check",
            description = "Checks the run's laws instead: versions, ledger, staleness, nothing trained twice."
                    + " Status 1 if one does not hold.")
    private boolean check;

    @Option(
            names = "--dropped",
            description = "How groups ended instead: trained or dropped, by which rule, and whether those dropped"
                    + " were longer or harder than those trained.")
    private boolean dropped;

    @Option(
            names = "--step",
            paramLabel = "N",
            split = ",",
            description = "What made version N, with all of its leases.")
    private Set<Long> steps = Set.of();

    @Option(names = "--version-at", paramLabel = "N", split = ",", description = "Facts at policy version N.")
    private Set<Long> versions = Set.of();

    @Option(names = "--lease", paramLabel = "N", split = ",", description = "Facts about lease N.")
    private Set<Long> leases = Set.of();

    @Option(names = "--prompt", paramLabel = "ID", split = ",", description = "Facts about a prompt.")
    private Set<String> prompts = Set.of();

    @Option(names = "--worker", paramLabel = "ID", split = ",", description = "Facts about a rollout worker.")
    private Set<String> workers = Set.of();

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            split = ",",
            description =
                    "life, learner, issued, sample, ended, step, weights, commit, stage, trouble, alert, alert-over,"
                            + " memory or loop.")
    private Set<String> kinds = Set.of();

    @Option(names = "--follow", description = "Goes on with what the run adds, until it is interrupted.")
    private boolean follow;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    private final Terminal terminal;

    EventsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (!RunDirectory.holdsRun(run)) {
            throw new UsageException("no run in " + run);
        }
        if (check && follow) {
            throw new UsageException("--check looks at what is there, --follow waits for more: one of the two");
        }
        if (dropped && (check || follow)) {
            throw new UsageException("--dropped is an answer of its own: without --check and --follow");
        }
        if (dropped) {
            return dropped();
        }
        if (!check) {
            return show();
        }
        try (EventLogReader log = EventLogReader.open(run.resolve("events"))) {
            return check(log);
        }
    }

    private int show() throws IOException {
        try {
            EventQuery query = new EventQuery(steps, versions, leases, prompts, workers, kinds);
            if (follow) {
                return follow(query.following(json, terminal.out()::println));
            }
            query.run(run.resolve("events"), json, terminal.out()::println);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        terminal.out().flush();
        return 0;
    }

    /// Until this thread is interrupted, or the process is.
    private int follow(Consumer<RecordedFact> printer) throws IOException {
        EventLogFollower log = new EventLogFollower(run.resolve("events"));
        while (!Thread.currentThread().isInterrupted()) {
            try {
                log.more(printer);
            } catch (ClosedByInterruptException _) {
                return 0;
            }
            terminal.out().flush();
            LockSupport.parkNanos(LOOK.toNanos());
        }
        return 0;
    }

    private int dropped() throws IOException {
        try (EventLogReader log = EventLogReader.open(run.resolve("events"))) {
            new DroppedAnswer(config()).print(log, json, terminal);
            if (!json) {
                sayWhereItBegins(log);
            }
        }
        return 0;
    }

    private Config config() {
        return new LayeredConfig(Optional.empty(), Optional.empty(), List.of(), new TreeMap<>())
                .resolveOver(RunDirectory.configOf(run));
    }

    private void sayWhereItBegins(EventLogReader log) {
        if (log.firstSegment() > 1) {
            terminal.out().printf("the log begins with segment %d: what was before was dropped%n", log.firstSegment());
        }
    }

    private int check(EventLogReader log) throws IOException {
        StageSettings settings = StageSettings.from(config());
        HistoryCheck history = log.firstSegment() == 1
                ? HistoryCheck.fromTheStart(settings.groupSize(), settings.maxStaleness())
                : HistoryCheck.ofALaterPart(settings.groupSize(), settings.maxStaleness());
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
        sayWhereItBegins(log);
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
}
