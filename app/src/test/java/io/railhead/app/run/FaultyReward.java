package io.railhead.app.run;

import io.railhead.actors.protocol.Score;
import io.railhead.reward.RewardFunction;
import io.railhead.transit.answer.AnswerKey;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// Custom scoring functions, each of which fails in its own way every seventh time.
abstract class FaultyReward implements RewardFunction {
    private static final int EVERY = 7;

    private final RewardFunction sound = new LengthReward();
    private final AtomicInteger calls = new AtomicInteger();

    /// Dies of an error that no function should catch.
    public static final class Killed extends FaultyReward {
        @Override
        Score fail() {
            throw new StackOverflowError("killed");
        }
    }

    /// Never comes back, and takes no interrupt.
    public static final class Hung extends FaultyReward {
        @Override
        Score fail() {
            CountDownLatch never = new CountDownLatch(1);
            while (true) {
                try {
                    never.await();
                } catch (InterruptedException _) {
                    // what makes it hung: it goes on waiting
                }
            }
        }
    }

    /// Says what no reward can be.
    public static final class Lying extends FaultyReward {
        @Override
        Score fail() {
            return new Score(1e200, true, Double.NaN, List.of());
        }
    }

    abstract Score fail();

    @Override
    public Score score(AnswerKey key, String response) {
        return calls.incrementAndGet() % EVERY == 0 ? fail() : sound.score(key, response);
    }
}
