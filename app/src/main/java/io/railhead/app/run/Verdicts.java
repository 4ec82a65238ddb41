package io.railhead.app.run;

import io.railhead.actors.protocol.Score;
import io.railhead.reward.OwnQuestion;
import io.railhead.reward.RewardFunction;
import io.railhead.reward.RewardSettings;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What the run's own scoring function says of answers that nobody trains on. Held to the same deadline as in a run: an
/// answer that it throws on or hangs over counts as wrong, with a component `failed` that says why; one that fails so
/// often in a row as in a run is not asked any further.
///
/// Of one thread. The function runs on a daemon, which is left behind if it hangs.
final class Verdicts implements AutoCloseable {
    static final String FAILED = "failed";

    private final RewardFunction function;
    private final RewardSettings.Isolation isolation;
    private ExecutorService thread = newThread();
    private int failuresInARow;

    Verdicts(RewardSettings settings) {
        this.function = settings.function();
        this.isolation = settings.isolation();
    }

    /// @throws RewardFailedException if it has failed too often in a row
    Score of(OwnQuestion question, String response) {
        Future<Score> score = thread.submit(() -> function.score(question, response));
        try {
            Score known = score.get(isolation.deadline().toMillis(), TimeUnit.MILLISECONDS);
            if (known == null) { // somebody else's function need not keep to the annotations
                return failed(question, "it returned no score");
            }
            failuresInARow = 0;
            return known;
        } catch (ExecutionException e) {
            return failed(question, String.valueOf(e.getCause()));
        } catch (TimeoutException _) {
            thread.shutdownNow();
            thread = newThread();
            return failed(question, "no score within " + isolation.deadline());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + question.id() + " was scored", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private Score failed(OwnQuestion question, String cause) {
        failuresInARow++;
        if (failuresInARow >= isolation.failuresInARow()) {
            throw new RewardFailedException("the scoring function failed on %d answers in a row, the last one to %s: %s"
                    .formatted(failuresInARow, question.id(), cause));
        }
        return new Score(0, false, 1, List.of(new Score.Component(FAILED, 0, cause)));
    }

    private static ExecutorService newThread() {
        return Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("railhead-verdicts-", 0).factory());
    }
}
