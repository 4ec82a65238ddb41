package io.railhead.actors.virtual;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.PriorityQueue;

/// A clock with all that is to happen on it: tasks to run now, and timers to come. It stands still while tasks run, and
/// jumps to the next timer when none is left.
///
/// Invariants: time never goes back; timers of one instant act in the order in which they were set; only the thread
/// that made it may touch it, so equal calls give equal histories.
public final class VirtualTime {
    /// A task at an instant. Cancelling leaves it in the queue until its time.
    static final class Timer implements Comparable<Timer> {
        private long at; // ns since the start; changed only while it is not in the queue
        private long ordinal;
        private final long interval; // ns; 0 = once
        private final Runnable task;
        private boolean cancelled;

        private Timer(long at, long ordinal, long interval, Runnable task) {
            this.at = at;
            this.ordinal = ordinal;
            this.interval = interval;
            this.task = task;
        }

        /// @return whether that kept it from acting (again)
        boolean cancel() {
            boolean kept = !cancelled;
            cancelled = true;
            return kept;
        }

        boolean isCancelled() {
            return cancelled;
        }

        @Override
        public int compareTo(Timer other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(ordinal, other.ordinal);
        }
    }

    private static final class View extends Clock {
        private final VirtualTime time;
        private final ZoneId zone;

        View(VirtualTime time, ZoneId zone) {
            this.time = time;
            this.zone = zone;
        }

        @Override
        public ZoneId getZone() {
            return zone;
        }

        @Override
        public Clock withZone(ZoneId other) {
            return new View(time, other);
        }

        @Override
        public Instant instant() {
            return time.now();
        }
    }

    private final Thread owner = Thread.currentThread();
    private final Instant start;
    private final Order order;
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private long nanos; // since the start
    private long ordinals;
    private long tasks;
    private Instant instant; // of `nanos`

    private VirtualTime(Instant start, Order order) {
        this.start = start;
        this.order = order;
        this.instant = start;
    }

    /// Belongs to the calling thread.
    public static VirtualTime startingAt(Instant start, Order order) {
        return new VirtualTime(start, order);
    }

    public Instant now() {
        return instant;
    }

    /// Nanoseconds since the start, for those who measure.
    public long nanoTime() {
        return nanos;
    }

    public Duration elapsed() {
        return Duration.ofNanos(nanos);
    }

    public Clock clock() {
        return new View(this, ZoneOffset.UTC);
    }

    /// How many tasks were run until now.
    public long tasks() {
        return tasks;
    }

    /// Puts a task among those to run now.
    public void execute(Runnable task) {
        requireOwner();
        order.add(task);
    }

    /// Sets a timer.
    public void after(Duration delay, Runnable task) {
        set(delay.toNanos(), 0, task);
    }

    Timer set(long delayNanos, long intervalNanos, Runnable task) {
        requireOwner();
        Timer timer = new Timer(nanos + Math.max(0, delayNanos), ordinals++, intervalNanos, task);
        timers.add(timer);
        return timer;
    }

    /// Runs one task; if there is none, goes to the next timers and lets them act. Nothing happens after `end`.
    ///
    /// @return whether anything was left to do until then
    boolean step(long endNanos) {
        requireOwner();
        if (!order.isEmpty()) {
            tasks++;
            order.next().run();
            return true;
        }
        while (!timers.isEmpty() && timers.peek().cancelled) {
            timers.remove();
        }
        Timer next = timers.peek();
        if (next == null || next.at > endNanos) {
            return false;
        }
        advanceTo(next.at);
        while (!timers.isEmpty() && timers.peek().at <= nanos) {
            act(timers.remove());
        }
        return true;
    }

    /// Lets time pass in which nothing happens.
    void advanceTo(long atNanos) {
        if (atNanos > nanos) {
            nanos = atNanos;
            instant = start.plusNanos(nanos);
        }
    }

    private void act(Timer timer) {
        if (timer.cancelled) {
            return;
        }
        if (timer.interval > 0) {
            timer.at += timer.interval;
            timer.ordinal = ordinals++;
            timers.add(timer);
        }
        timer.task.run();
    }

    private void requireOwner() {
        if (!Thread.currentThread().equals(owner)) {
            throw new IllegalStateException("virtual time of %s is touched by %s: an actor has a thread of its own"
                    .formatted(owner.getName(), Thread.currentThread().getName()));
        }
    }
}
