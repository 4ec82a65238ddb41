package io.railhead.app.trackers;

import io.railhead.app.live.MetricsFile;
import io.railhead.app.trackers.Tracker.Ending;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings a tracker what `metrics.jsonl` holds, on a thread of its own. Nobody waits for it but who closes it.
///
/// - *waiting* -> [#woken] -> *feeding*: opens the tracker if it is not, and gives it the steps that it lacks ->
/// *waiting*
/// - *feeding* -> the tracker fails -> *failing*: one warning, the tracker is closed, tried again after a while that
///   doubles from [#FIRST_PAUSE] to [#LONGEST_PAUSE] -> it takes steps again -> *waiting*, with one line that says so
/// - any -> [#close] -> fed a last time -> ended, within a deadline; what it still lacks is said
///
/// The file keeps what the tracker lacks, so an outage loses nothing and takes no memory.
final class TrackerFeed implements Closeable {
    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(TrackerFeed.class);

    private final Tracker tracker;
    private final MetricsFile metrics;
    private final Duration closeTimeout;
    private final Thread thread;

    // under this object's lock
    private boolean news;
    private OptionalLong wentBackTo = OptionalLong.empty();
    private Optional<Ending> ending = Optional.empty();

    // of the thread
    private @Nullable StepReader reader; // of the tracker as it was opened
    private Duration pause = Duration.ZERO; // more while it fails

    TrackerFeed(Tracker tracker, MetricsFile metrics, Duration closeTimeout) {
        this.tracker = tracker;
        this.metrics = metrics;
        this.closeTimeout = closeTimeout;
        this.thread =
                Thread.ofPlatform().daemon().name("tracker " + tracker.name()).unstarted(this::run);
    }

    TrackerFeed start() {
        thread.start();
        return this;
    }

    /// There may be new steps.
    synchronized void woken() {
        news = true;
        notifyAll();
    }

    /// What came after `version` did not happen.
    synchronized void wentBack(long version) {
        wentBackTo = OptionalLong.of(Math.min(version, wentBackTo.orElse(version)));
        news = true;
        notifyAll();
    }

    /// The run is over, with all its steps in the file.
    synchronized void ended(Ending how) {
        ending = Optional.of(how);
        notifyAll();
    }

    /// Waits until the tracker has all, for as long as the deadline at the most.
    @Override
    public void close() {
        synchronized (this) {
            if (ending.isEmpty()) {
                ending = Optional.of(Ending.STOPPED);
            }
            notifyAll();
        }
        try {
            if (!thread.join(closeTimeout)) {
                LOG.warn(
                        "{} may lack steps: it did not take them within {}; `railhead track` brings them later",
                        tracker.name(),
                        closeTimeout);
                thread.interrupt();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!hasEnded()) {
                if (takeNews() && !feed()) {
                    pause();
                }
            }
            if (reader == null && metrics.page(0, Optional.empty()).lines() == 0) {
                return; // a run without a step leaves nothing behind
            }
            while (!(feed() && end())) {
                pause();
            }
        } catch (InterruptedException _) {
            // nobody waits any more
        } catch (IOException | RuntimeException e) {
            LOG.error("{} is given up", tracker.name(), e);
        } finally {
            closeTracker();
        }
    }

    private synchronized boolean hasEnded() {
        return ending.isPresent();
    }

    private synchronized boolean takeNews() throws InterruptedException {
        while (!news && ending.isEmpty()) {
            wait();
        }
        boolean there = news;
        news = false;
        return there;
    }

    /// Until it is tried again: at the run's end not for long.
    private synchronized void pause() throws InterruptedException {
        news = true; // what it failed to take
        long start = System.nanoTime();
        while (true) {
            Duration whole = ending.isPresent() && pause.compareTo(FIRST_PAUSE) > 0 ? FIRST_PAUSE : pause;
            long left = whole.minusNanos(System.nanoTime() - start).toMillis();
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }

    /// @return whether the tracker has all that there was
    private boolean feed() {
        try {
            StepReader steps = reader;
            if (steps == null) {
                steps = new StepReader(tracker, metrics, tracker.open());
                reader = steps;
            }
            rewind(steps);
            steps.feed();
            if (!pause.isZero()) {
                LOG.info("{} takes steps again", tracker.name());
                pause = Duration.ZERO;
            }
            return true;
        } catch (IOException e) {
            failed(e);
            return false;
        }
    }

    private boolean end() {
        Optional<Ending> how;
        synchronized (this) {
            how = ending;
        }
        try {
            if (how.isPresent()) {
                tracker.end(how.get());
            }
            return true;
        } catch (IOException e) {
            failed(e);
            return false;
        }
    }

    private void rewind(StepReader steps) throws IOException {
        OptionalLong to;
        synchronized (this) {
            to = wentBackTo;
            wentBackTo = OptionalLong.empty();
        }
        if (to.isPresent()) {
            try {
                steps.rewind(to.getAsLong());
            } catch (IOException e) {
                wentBack(to.getAsLong());
                throw e;
            }
        }
    }

    private void failed(IOException cause) {
        if (pause.isZero()) {
            LOG.warn("{} fails and is tried again: {}", tracker.name(), cause.getMessage());
            pause = FIRST_PAUSE;
        } else {
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
        closeTracker();
    }

    private void closeTracker() {
        reader = null;
        try {
            tracker.close();
        } catch (IOException e) {
            LOG.warn("{}: {}", tracker.name(), e.getMessage());
        }
    }
}
