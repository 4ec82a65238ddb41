package io.railhead.actors.virtual;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// An executor without a thread: what it is given is run by whoever pumps the time, now or after a delay.
public final class VirtualExecutor extends AbstractExecutorService {
    private final VirtualTime time;
    private final Supplier<Duration> delays;
    private boolean shutdown;

    VirtualExecutor(VirtualTime time) {
        this(time, () -> Duration.ZERO);
    }

    /// @param delays how long each task takes: it is run that much later, in no time
    public VirtualExecutor(VirtualTime time, Supplier<Duration> delays) {
        this.time = time;
        this.delays = delays;
    }

    @Override
    public void execute(Runnable command) {
        Duration delay = delays.get();
        if (delay.isZero()) {
            time.execute(command);
        } else {
            time.after(delay, command);
        }
    }

    @Override
    public void shutdown() {
        shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return shutdown;
    }
}
