package io.railhead.app.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.util.ByteString;

/// What listeners are told: the node's status, and the lines of `metrics.jsonl` that came since the last news.
///
/// One question at a time is asked of it, so nothing here is guarded but what `begin` and an answer share.
final class RunNews implements LiveFeed.News {
    private final Optional<MetricsFile> metrics;
    private final Supplier<CompletionStage<String>> status;
    private final Executor blocking;
    private volatile long next = Long.MAX_VALUE;
    private volatile Optional<Long> generation = Optional.empty();

    RunNews(Optional<MetricsFile> metrics, Supplier<CompletionStage<String>> status, Executor blocking) {
        this.metrics = metrics;
        this.status = status;
        this.blocking = blocking;
    }

    /// From here on: what was before is asked for by who wants it.
    @Override
    public void begin() {
        next = Long.MAX_VALUE;
        generation = Optional.empty();
    }

    @Override
    public CompletionStage<List<ByteString>> next() {
        CompletionStage<Optional<ByteString>> node = status.get()
                .handle((json, failure) -> failure == null ? Optional.of(event("status", json)) : Optional.empty());
        CompletionStage<Optional<ByteString>> steps =
                CompletableFuture.supplyAsync(this::steps, blocking).exceptionally(_ -> Optional.empty());
        return node.thenCombine(steps, (one, other) -> {
            List<ByteString> news = new ArrayList<>();
            one.ifPresent(news::add);
            other.ifPresent(news::add);
            return news;
        });
    }

    private Optional<ByteString> steps() {
        if (metrics.isEmpty()) {
            return Optional.empty();
        }
        try {
            MetricsFile.Page page = metrics.get().page(next, generation);
            boolean first = generation.isEmpty();
            next = page.next();
            generation = Optional.of(page.generation());
            return page.reset() || first || !page.steps().isEmpty()
                    ? Optional.of(event("metrics", page.json()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteString event(String name, String json) {
        return ByteString.fromString("event: %s\ndata: %s\n\n".formatted(name, json.strip()));
    }
}
