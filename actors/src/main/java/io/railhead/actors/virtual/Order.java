package io.railhead.actors.virtual;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/// Which of the actors that have something to do goes next. Whatever it is, messages from one actor to another keep
/// their order.
public sealed interface Order {
    void add(Runnable task);

    boolean isEmpty();

    /// Takes out the next.
    Runnable next();

    /// First come, first served.
    static Order inTurn() {
        return new InTurn(new ArrayDeque<>());
    }

    /// Any, by the seed: each is a schedule that threads could have made.
    static Order seeded(long seed) {
        return new Seeded(new ArrayList<>(), new SplittableRandom(seed));
    }

    record InTurn(Deque<Runnable> tasks) implements Order {
        @Override
        public void add(Runnable task) {
            tasks.add(task);
        }

        @Override
        public boolean isEmpty() {
            return tasks.isEmpty();
        }

        @Override
        public Runnable next() {
            return tasks.remove();
        }
    }

    record Seeded(List<Runnable> tasks, SplittableRandom random) implements Order {
        @Override
        public void add(Runnable task) {
            tasks.add(task);
        }

        @Override
        public boolean isEmpty() {
            return tasks.isEmpty();
        }

        @Override
        public Runnable next() {
            int chosen = random.nextInt(tasks.size());
            Runnable last = tasks.removeLast();
            return chosen == tasks.size() ? last : tasks.set(chosen, last);
        }
    }
}
