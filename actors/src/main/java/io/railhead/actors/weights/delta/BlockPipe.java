package io.railhead.actors.weights.delta;

import io.railhead.actors.weights.delta.BlockWorkers.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Does something with each item while further ones come, on threads of its own, which start with the first item and
/// end with `close`. One thread puts items in and finishes.
///
/// What was put in is in memory already, so the queue has no bound.
final class BlockPipe<S extends Memory, T> implements AutoCloseable {
    interface Step<S, T> {
        void run(S scratch, T item) throws DamagedWeightsException;
    }

    private final int threads;
    private final Supplier<S> scratch;
    private final Step<S, T> step;
    private final BlockingQueue<Optional<T>> items = new LinkedBlockingQueue<>(); // empty: a thread is to end
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private List<Thread> running = List.of();

    /// @param scratch memory for one thread
    /// @param step on any thread
    BlockPipe(BlockWorkers workers, Supplier<S> scratch, Step<S, T> step) {
        this.threads = workers.threads();
        this.scratch = scratch;
        this.step = step;
    }

    void put(T item) {
        if (running.isEmpty()) {
            running = start();
        }
        items.add(Optional.of(item));
    }

    private List<Thread> start() {
        List<Thread> started = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            started.add(Thread.ofPlatform().daemon().name("weights-", i).start(this::work));
        }
        return List.copyOf(started);
    }

    private void work() {
        try (S own = scratch.get()) {
            for (Optional<T> item = items.take(); item.isPresent(); item = items.take()) {
                if (failure.get() == null) {
                    step.run(own, item.get());
                }
            }
        } catch (DamagedWeightsException | RuntimeException e) {
            failure.compareAndSet(null, e);
        } catch (InterruptedException e) {
            failure.compareAndSet(null, e);
            Thread.currentThread().interrupt();
        }
    }

    /// Waits until everything is done.
    ///
    /// @throws DamagedWeightsException the first one thrown; what was left then is left
    void finish() throws DamagedWeightsException {
        close();
        switch (failure.get()) {
            case null -> {}
            case DamagedWeightsException damaged -> throw damaged;
            case RuntimeException broken -> throw broken;
            case Exception interrupted -> throw new IllegalStateException(interrupted);
        }
    }

    /// Lets go of everything that is not done yet only after a failure.
    @Override
    public void close() {
        running.forEach(_ -> items.add(Optional.empty()));
        boolean interrupted = false;
        for (Thread thread : running) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException _) {
                    interrupted = true; // each item takes less than a millisecond
                }
            }
        }
        running = List.of();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
