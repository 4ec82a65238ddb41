package io.railhead.actors.virtual;

import com.typesafe.config.Config;
import io.railhead.actors.virtual.VirtualTime.Timer;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.actor.AbstractScheduler;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.event.LoggingAdapter;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/// Pekko's scheduler on virtual time. Made by Pekko, by its name in the configuration, while a [VirtualSystem] starts.
public final class VirtualScheduler extends AbstractScheduler {
    /// The time of the system that is being started.
    static final ScopedValue<VirtualTime> STARTING = ScopedValue.newInstance();

    private record Handle(Timer timer) implements Cancellable {
        @Override
        public boolean cancel() {
            return timer.cancel();
        }

        @Override
        public boolean isCancelled() {
            return timer.isCancelled();
        }
    }

    private final VirtualTime time = STARTING.get();

    /// The parameters are Pekko's convention.
    public VirtualScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {}

    VirtualTime time() {
        return time;
    }

    @Override
    @SuppressWarnings("deprecation") // Pekko's own fixed rates come here
    public Cancellable schedule(
            FiniteDuration initialDelay, FiniteDuration interval, Runnable runnable, ExecutionContext executor) {
        return new Handle(time.set(initialDelay.toNanos(), Math.max(1, interval.toNanos()), runnable));
    }

    @Override
    public Cancellable scheduleOnce(FiniteDuration delay, Runnable runnable, ExecutionContext executor) {
        return new Handle(time.set(delay.toNanos(), 0, runnable));
    }

    @Override
    public double maxFrequency() {
        return 1e9;
    }
}
