package io.railhead.app.run;

import io.railhead.actors.protocol.Rollout;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/// What a node has sent to whom lately, so that it can be sent again when somebody is lost. Not thread-safe.
///
/// Nobody says that a rollout was scored: a copy that is sent in vain is dropped by the learner. So this forgets
/// what is older than `window`, and the oldest beyond `capacity` tokens; a rollout that is lost after that is
/// made again when its lease expires.
///
/// @param <T> names a receiver
final class SentRollouts<T> {
    private final Duration window;
    private final long capacity;
    private final Deque<Sent<T>> sent = new ArrayDeque<>(); // in the order of sending
    private long tokens;

    private record Sent<T>(T to, Rollout rollout, Instant at) {
        int size() {
            return rollout.response().size();
        }
    }

    /// @param capacity tokens of responses to remember at most; the newest rollout is remembered in any case
    SentRollouts(Duration window, long capacity) {
        this.window = window;
        this.capacity = capacity;
    }

    void add(T to, Rollout rollout, Instant now) {
        Sent<T> newest = new Sent<>(to, rollout, now);
        sent.addLast(newest);
        tokens += newest.size();
        while (sent.size() > 1 && (tokens > capacity || isOld(sent.getFirst(), now))) {
            tokens -= sent.removeFirst().size();
        }
    }

    /// Forgets what the lost receiver was sent.
    ///
    /// @return it, in the order of sending
    List<Rollout> lost(T receiver, Instant now) {
        List<Rollout> again = new ArrayList<>();
        for (Iterator<Sent<T>> all = sent.iterator(); all.hasNext(); ) {
            Sent<T> one = all.next();
            if (one.to().equals(receiver)) {
                all.remove();
                tokens -= one.size();
                if (!isOld(one, now)) {
                    again.add(one.rollout());
                }
            }
        }
        return List.copyOf(again);
    }

    private boolean isOld(Sent<T> one, Instant now) {
        return Duration.between(one.at(), now).compareTo(window) > 0;
    }
}
