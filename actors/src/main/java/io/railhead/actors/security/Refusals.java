package io.railhead.actors.security;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says once who was refused and why; what repeats is counted and said again at most every ten minutes. However
/// many names a peer makes up, memory and log stay small. Thread-safe.
public final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final Duration SILENCE = Duration.ofMinutes(10);
    private static final int REMEMBERED = 256;
    private static final int LONGEST_NAME = 200;
    private static final String OTHERS = "further peers";

    private record Said(Instant at, long since) {}

    private final Clock clock;
    private final Map<String, Said> said = new HashMap<>(); // guarded by `this`
    private long count; // guarded by `this`

    public Refusals(Clock clock) {
        this.clock = clock;
    }

    /// @param peer its certificate's name, or its address
    public synchronized void refused(String peer, String why) {
        count++;
        String name = printable(said.size() < REMEMBERED || said.containsKey(peer) ? peer : OTHERS);
        Said before = said.get(name);
        Instant now = clock.instant();
        if (before == null) {
            LOG.warn("refused {}: {}", name, printable(why));
            said.put(name, new Said(now, 0));
        } else if (now.isBefore(before.at().plus(SILENCE))) {
            said.put(name, new Said(before.at(), before.since() + 1));
        } else {
            LOG.warn("refused {} {} more times, last: {}", name, before.since() + 1, printable(why));
            said.put(name, new Said(now, 0));
        }
    }

    /// All that were refused, said or not.
    public synchronized long count() {
        return count;
    }

    /// Without line ends and the like: a name must not write log lines of its own.
    private static String printable(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= LONGEST_NAME ? line : line.substring(0, LONGEST_NAME) + "...";
    }
}
