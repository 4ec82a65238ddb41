package io.railhead.app.report;

import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.Trouble;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// Shows a run while it goes on: one line that is rewritten on a screen, otherwise one line a train step.
///
/// Called by the recorder, one fact after the other, on whatever thread that has.
public final class Progress implements Consumer<RunFact> {
    private final PrintStream out;
    private final boolean live;
    private final long steps;
    private final InstantSource clock;
    private final Instant start;
    private long tokens;
    private int liveLength;

    public Progress(PrintStream out, boolean live, long steps, InstantSource clock) {
        this.out = out;
        this.live = live;
        this.steps = steps;
        this.clock = clock;
        this.start = clock.instant();
    }

    @Override
    public synchronized void accept(RunFact fact) {
        switch (fact) {
            case RunFact.StepFinished step -> show(step);
            case RunFact.TrajectoryTaken taken ->
                tokens += taken.trajectory().rollout().response().size();
            case RunFact.StageAdvanced advanced ->
                say("stage %s -> %s at %s: %s"
                        .formatted(advanced.from(), advanced.to(), advanced.at(), advanced.cause()));
            case RunFact.CheckpointWritten written -> {
                if (!live) {
                    say("checkpoint of " + written.version() + " in " + written.path());
                }
            }
            case RunFact.TroubleFound(var version, var _, Trouble trouble) ->
                say("trouble in the step to %s: %s: %s; %s%s"
                        .formatted(
                                version,
                                trouble.kind(),
                                trouble.cause(),
                                trouble.action(),
                                trouble.file().isEmpty() ? "" : ", samples in " + trouble.file()));
            case RunFact.AlertRaised raised ->
                say("alert %s: %s %s since %s; %s"
                        .formatted(raised.alert(), raised.owner(), raised.detail(), raised.since(), raised.action()));
            case RunFact.AlertCleared cleared ->
                say("alert %s of %s is over".formatted(cleared.alert(), cleared.owner()));
            case RunFact.MemoryShort low ->
                say("out of memory: %s: %s; %s".formatted(low.who(), low.cause(), low.answer()));
            case RunFact.LoopMoved moved ->
                say("closed loop at %s: staleness %d, rate factor %.4g: %s"
                        .formatted(moved.at(), moved.staleness(), moved.rateFactor(), moved.cause()));
            case RunFact.LeaseIssued _,
                    RunFact.LeaseEnded _,
                    RunFact.IncarnationBegan _,
                    RunFact.LearnerStarted _,
                    RunFact.WeightsMade _ -> {}
        }
    }

    /// Leaves the live line standing, so that what is printed next starts on its own line.
    public synchronized void finish() {
        if (live && liveLength > 0) {
            out.println();
            out.flush();
        }
        liveLength = 0;
    }

    private void show(RunFact.StepFinished step) {
        if (live) {
            rewrite(line(step));
        } else {
            say(line(step) + "  " + sentence(step.ledger()));
        }
    }

    private String line(RunFact.StepFinished step) {
        Duration elapsed = Duration.between(start, clock.instant());
        return String.format(
                Locale.ROOT,
                "step %d/%d  %s  reward %s  correct %s  %s  staleness %s  %.0f tokens/s  %s",
                step.version().number(),
                steps,
                step.stage(),
                number(step.metrics(), "sampled/reward"),
                number(step.metrics(), "sampled/correct"),
                step.version(),
                number(step.metrics(), "staleness/mean"),
                tokens / Math.max(0.001, elapsed.toMillis() / 1000.0),
                clockTime(elapsed));
    }

    /// The conservation law with its numbers.
    public static String sentence(LedgerCounts ledger) {
        return "issued %d = trained %d + filtered %d + stale %d + failed %d + in flight %d"
                .formatted(
                        ledger.issued(),
                        ledger.trained(),
                        ledger.filtered(),
                        ledger.stale(),
                        ledger.failed(),
                        ledger.inFlight());
    }

    private static String number(Map<String, Double> metrics, String name) {
        Double value = metrics.get(name);
        return value == null ? "-" : String.format(Locale.ROOT, "%.3f", value);
    }

    private static String clockTime(Duration elapsed) {
        return elapsed.toHours() > 0
                ? "%d:%02d:%02d".formatted(elapsed.toHours(), elapsed.toMinutesPart(), elapsed.toSecondsPart())
                : "%d:%02d".formatted(elapsed.toMinutes(), elapsed.toSecondsPart());
    }

    private void say(String line) {
        if (live && liveLength > 0) {
            rewrite("");
            out.print('\r');
            liveLength = 0;
        }
        out.println(line);
        out.flush();
    }

    private void rewrite(String line) {
        out.print("\r" + line + " ".repeat(Math.max(0, liveLength - line.length())));
        out.flush();
        liveLength = line.length();
    }
}
