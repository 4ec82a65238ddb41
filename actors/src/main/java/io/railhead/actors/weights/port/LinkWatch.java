package io.railhead.actors.weights.port;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes connections on which nothing moves, so that no thread waits for a peer that is frozen or gone. One thread.
final class LinkWatch implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(LinkWatch.class);
    private static final int LOOKS = 8; // in the time that a connection may be idle

    private final Duration idle;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("weights-link-watch").factory());

    @SuppressWarnings("FutureReturnValueIgnored") // it ends with the timer
    LinkWatch(Duration idle) {
        this.idle = idle;
        long period = Math.max(1, idle.toMillis() / LOOKS);
        timer.scheduleWithFixedDelay(this::look, period, period, TimeUnit.MILLISECONDS);
    }

    void add(Link link) {
        links.add(link);
    }

    void remove(Link link) {
        links.remove(link);
    }

    private void look() {
        long now = System.nanoTime();
        for (Link link : links) {
            if (link.isIdle(now, idle.toNanos())) {
                expire(link, "nothing moved for " + idle);
            } else if (link.isOver(now)) {
                expire(link, "the transfer took too long");
            }
        }
    }

    private void expire(Link link, String cause) {
        links.remove(link);
        try {
            link.expire(cause);
        } catch (IOException e) {
            LOG.debug("an idle connection did not close in order", e);
        }
    }

    /// Ends the watch, and with it whatever still goes on.
    @Override
    public void close() {
        timer.shutdownNow();
        links.forEach(link -> expire(link, "the weights port closes"));
    }
}
