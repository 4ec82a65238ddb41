package io.railhead.reward.service;

import io.railhead.actors.protocol.Score;
import io.railhead.reward.RewardFunction;
import io.railhead.reward.ScoreItems.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Scores the items of a request, each request on a thread of its own, so many at once as the settings allow.
///
/// A request that takes longer than the deadline is refused and its thread interrupted. Its place is free again
/// when the thread ends: a function that takes no interrupt costs a place each time, never more than there are.
final class BatchScorer implements AutoCloseable {
    private final RewardFunction function;
    private final ServiceSettings settings;
    private final Semaphore places;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("railhead-request-", 0).factory());

    BatchScorer(RewardFunction function, ServiceSettings settings) {
        this.function = function;
        this.settings = settings;
        this.places = new Semaphore(settings.maxRequests());
    }

    /// In the order of the items. Fails with a [Refusal].
    CompletionStage<List<Score>> score(List<Item> items) {
        if (items.size() > settings.maxItems()) {
            return CompletableFuture.failedStage(new Refusal(
                    Refusal.Kind.TOO_LARGE, items.size() + " items, at most " + settings.maxItems() + " in a request"));
        }
        if (!places.tryAcquire()) {
            return CompletableFuture.failedStage(
                    new Refusal(Refusal.Kind.BUSY, settings.maxRequests() + " requests are being scored"));
        }
        CompletableFuture<List<Score>> scores = new CompletableFuture<>();
        Future<?> task = threads.submit(() -> {
            try {
                scores.complete(all(items));
            } catch (Refusal refusal) {
                scores.completeExceptionally(refusal);
            } finally {
                places.release();
            }
        });
        return scores.copy()
                .orTimeout(settings.deadline().toNanos(), TimeUnit.NANOSECONDS)
                .exceptionallyCompose(failure -> {
                    task.cancel(true);
                    return CompletableFuture.failedStage(
                            failure instanceof TimeoutException
                                    ? new Refusal(Refusal.Kind.LATE, "no scores within " + settings.deadline())
                                    : Refusal.of(failure));
                });
    }

    int atWork() {
        return settings.maxRequests() - places.availablePermits();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private List<Score> all(List<Item> items) {
        List<Score> scores = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            scores.add(one(i, items.get(i)));
        }
        return scores;
    }

    private Score one(int index, Item item) {
        try {
            return function.score(item.key(), item.response());
        } catch (RuntimeException | StackOverflowError e) {
            throw new Refusal(Refusal.Kind.FAILED, "items[" + index + "]: no score: " + e);
        }
    }
}
