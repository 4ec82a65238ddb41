package io.railhead.learner;

import io.railhead.actors.incarnation.FencedException;
import io.railhead.learner.Checkpoints.Committed;
import io.railhead.learner.Checkpoints.Staged;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Makes staged checkpoints durable on another thread: hashes, flushes and renames take no time from training.
///
/// One at a time. Whoever stops waits for it, so that nobody begins to write where it still writes. Not thread-safe.
final class BackgroundCommit {
    private static final Duration PATIENCE = Duration.ofMinutes(5); // for a disk, when everything else is over

    private final Checkpoints checkpoints;
    private final Executor executor;
    private CompletableFuture<Committed> underway = CompletableFuture.failedFuture(new IllegalStateException("none"));

    BackgroundCommit(Checkpoints checkpoints, Executor executor) {
        this.checkpoints = checkpoints;
        this.executor = executor;
    }

    /// The future fails with a [CompletionException] of what [Checkpoints#finish] throws.
    ///
    /// @throws IllegalStateException if the one before is not done
    CompletableFuture<Committed> finish(Staged staged) {
        if (!underway.isDone()) {
            throw new IllegalStateException("asked to commit " + staged.version() + " while another commit is made");
        }
        underway = CompletableFuture.supplyAsync(() -> finished(staged), executor);
        return underway;
    }

    /// Returns when nothing is being written any more, or says after [#PATIENCE] that something still is.
    boolean awaitEnd() {
        try {
            underway.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException _) {
            return true; // whoever asked for it was told
        } catch (TimeoutException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return underway.isDone();
        }
    }

    private Committed finished(Staged staged) {
        try {
            return checkpoints.finish(staged);
        } catch (CheckpointException | FencedException e) {
            throw new CompletionException(e);
        }
    }
}
