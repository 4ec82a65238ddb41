package io.railhead.actors.weights.delta;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Does something for each number below a count, on a few threads that take the next number as they finish one.
///
/// The threads are the caller's own and idle ones of the JVM's common pool: if that is busy, the caller does it all.
///
/// @param threads at most
public record BlockWorkers(int threads) {
    public BlockWorkers {
        if (threads < 1) {
            throw new IllegalArgumentException("somebody must do the work: " + threads + " threads");
        }
    }

    /// As many as the machine has processors.
    public static BlockWorkers ofThisMachine() {
        return new BlockWorkers(Runtime.getRuntime().availableProcessors());
    }

    /// What one thread works with.
    interface Memory extends AutoCloseable {
        Memory NONE = () -> {};

        @Override
        void close();
    }

    interface Step<S> {
        void run(S scratch, int number) throws DamagedWeightsException;
    }

    /// @param scratch memory for one thread, closed at the end
    /// @throws DamagedWeightsException the first one thrown; the numbers left then are left
    <S extends Memory> void each(int count, Supplier<S> scratch, Step<S> step) throws DamagedWeightsException {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<@Nullable DamagedWeightsException> failure = new AtomicReference<>();
        IntStream.range(0, Math.min(threads, count)).parallel().forEach(_ -> {
            try (S own = scratch.get()) {
                for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                    step.run(own, i);
                }
            } catch (DamagedWeightsException e) {
                failure.compareAndSet(null, e);
                next.set(count);
            } catch (RuntimeException e) {
                next.set(count);
                throw e;
            }
        });
        DamagedWeightsException first = failure.get();
        if (first != null) {
            throw first;
        }
    }
}
