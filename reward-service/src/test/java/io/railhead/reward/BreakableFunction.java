package io.railhead.reward;

import io.railhead.actors.protocol.Score;
import io.railhead.transit.answer.AnswerKey;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/// A fake scoring function that does what the response says: `hang` never returns and ignores interrupts until it is
/// released, `crash` throws, `overflow` runs out of stack; all else is worth its length.
final class BreakableFunction implements RewardFunction {
    final AtomicInteger calls = new AtomicInteger();
    private final Semaphore released = new Semaphore(0);

    @Override
    public Score score(AnswerKey key, String response) {
        calls.incrementAndGet();
        return switch (response) {
            case "hang" -> {
                released.acquireUninterruptibly();
                yield worth(-1);
            }
            case "crash" -> throw new IllegalStateException("cannot score this");
            case "overflow" -> worth(overflow(1));
            default -> worth(response.length());
        };
    }

    void releaseAll() {
        released.release(1000);
    }

    static Score worth(double reward) {
        return new Score(reward, false, 1, List.of());
    }

    private static double overflow(double depth) {
        return depth < 0 ? depth : 1 + overflow(depth + 1);
    }
}
