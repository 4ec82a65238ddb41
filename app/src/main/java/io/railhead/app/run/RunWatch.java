package io.railhead.app.run;

import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.RunStatus;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.policy.PolicyVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/// Waits for the end of a run on the thread that owns it, and gives up a run that will not end by itself.
///
/// Every wait has a deadline: a run without a train step for `run.stall-timeout` fails and says who waits for
/// whom; a run that was asked to stop and does not within `run.shutdown-timeout` ends without a commit of its
/// own. After `run.time-limit` it is asked to stop.
final class RunWatch {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration ANSWER = Duration.ofSeconds(3);

    private final RunSettings patience;
    private final StopRequest stop;
    private final StopRequest timeUp = new StopRequest();
    private final CompletableFuture<RunEnded> ended = new CompletableFuture<>();
    private final LinkedBlockingQueue<RunFact> milestones = new LinkedBlockingQueue<>();
    private Optional<PolicyVersion> recorded = Optional.empty(); // the last commit that the recorder has written

    RunWatch(RunSettings patience, StopRequest stop) {
        this.patience = patience;
        this.stop = stop;
    }

    /// Completed once, with the run's end, by whoever sees it first.
    CompletableFuture<RunEnded> ended() {
        return ended;
    }

    /// For the recorder's thread.
    void onFact(RunFact fact) {
        if (fact instanceof RunFact.StepFinished || fact instanceof RunFact.CheckpointWritten) {
            milestones.add(fact);
        }
    }

    /// Returns the run's end, whatever that is, when all of it is recorded.
    RunEnded await(ActorSystem<Guardian.Command> system) throws InterruptedException {
        RunEnded end = awaitEnd(system);
        awaitRecord(end);
        return end;
    }

    private RunEnded awaitEnd(ActorSystem<Guardian.Command> system) throws InterruptedException {
        Instant start = Instant.now();
        Instant progress = start;
        boolean told = false;
        while (!ended.isDone()) {
            if (isBeyondLimit(start)) {
                timeUp.request();
            }
            if ((stop.isRequested() || timeUp.isRequested()) && !told) {
                system.tell(new Guardian.Stop());
                told = true;
            }
            progress = milestone() ? Instant.now() : progress;
            givenUp(system, progress).ifPresent(ended::complete);
        }
        return withCause(ended.join());
    }

    private boolean isBeyondLimit(Instant start) {
        return patience.timeLimit()
                .map(limit -> Duration.between(start, Instant.now()).compareTo(limit) >= 0)
                .orElse(false);
    }

    private RunEnded withCause(RunEnded end) {
        boolean byLimit = end.outcome() == RunEnded.Outcome.STOPPED && timeUp.isRequested() && !stop.isRequested();
        return byLimit
                ? new RunEnded(
                        end.version(),
                        end.ledger(),
                        end.outcome(),
                        "its time limit of %s s is over".formatted(seconds(patience.timeLimit())))
                : end;
    }

    private static String seconds(Optional<Duration> limit) {
        return String.valueOf(limit.map(Duration::toMillis).orElse(0L) / 1000.0).replaceFirst("\\.0$", "");
    }

    /// Why this run will not come to an end by itself.
    private Optional<RunEnded> givenUp(ActorSystem<Guardian.Command> system, Instant progress)
            throws InterruptedException {
        if (stop.isOverdue(patience.shutdownTimeout()) || timeUp.isOverdue(patience.shutdownTimeout())) {
            return Optional.of(failed("it did not commit within %s of being asked to stop; the last checkpoint stands"
                    .formatted(patience.shutdownTimeout())));
        }
        if (Duration.between(progress, Instant.now()).compareTo(patience.stallTimeout()) > 0) {
            return Optional.of(failed("no train step for %s: %s".formatted(patience.stallTimeout(), waits(system))));
        }
        if (system.getWhenTerminated().toCompletableFuture().isDone()) {
            return Optional.of(failed("the actors could not be started"));
        }
        return Optional.empty();
    }

    /// Who waits for whom, by the stage controller; or that not even it answers.
    private static String waits(ActorSystem<Guardian.Command> system) throws InterruptedException {
        try {
            RunStatus status = AskPattern.<Guardian.Command, RunStatus>ask(
                            system, Guardian.AskStatus::new, ANSWER, system.scheduler())
                    .toCompletableFuture()
                    .get(2 * ANSWER.toMillis(), TimeUnit.MILLISECONDS);
            return sentence(status);
        } catch (ExecutionException | TimeoutException _) {
            return "the stage controller does not answer";
        }
    }

    static String sentence(RunStatus status) {
        return status.waits().stream()
                .map(wait -> "%s waits for %s since %s".formatted(wait.who(), wait.forWhat(), wait.since()))
                .collect(Collectors.joining("; "));
    }

    /// The recorder is told the last commit before the run ends, but may still be writing.
    private void awaitRecord(RunEnded end) throws InterruptedException {
        if (end.outcome() == RunEnded.Outcome.FAILED) {
            return;
        }
        Instant deadline = Instant.now().plus(ANSWER);
        while (!recorded.equals(Optional.of(end.version())) && Instant.now().isBefore(deadline)) {
            milestone();
        }
    }

    /// Waits a little for the next milestone.
    private boolean milestone() throws InterruptedException {
        RunFact fact = milestones.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        if (fact instanceof RunFact.CheckpointWritten written) {
            recorded = Optional.of(written.version());
        }
        return fact != null;
    }

    private static RunEnded failed(String cause) {
        return new RunEnded(PolicyVersion.BASE, LedgerCounts.ZERO, RunEnded.Outcome.FAILED, cause);
    }
}
