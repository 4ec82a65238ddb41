package io.railhead.actors.weights;

import io.railhead.policy.NamedTensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/// Memory for the next version, made ready while nothing is being fetched.
///
/// The first touch of new memory costs several times what copying into it costs: the system clears it page by page. So
/// what one version took is made anew, and cleared, before the next one comes. Costs one version of memory.
/// Thread-safe.
public final class ReadyMemory implements LongFunction<MemorySegment> {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Long, Deque<MemorySegment>> ready = new HashMap<>(); // by size; guarded by the lock
    private final List<Long> taken = new ArrayList<>(); // sizes since the last `prepare`; guarded by the lock

    @Override
    public MemorySegment apply(long bytes) {
        lock.lock();
        try {
            taken.add(bytes);
            Deque<MemorySegment> same = ready.get(bytes);
            if (same != null && !same.isEmpty()) {
                return same.remove();
            }
        } finally {
            lock.unlock();
        }
        return NamedTensor.memory(bytes);
    }

    /// Makes ready what was taken since the last time, and lets go of what was not.
    public void prepare() {
        for (long bytes : wanted()) {
            MemorySegment memory = NamedTensor.memory(bytes);
            lock.lock();
            try {
                ready.computeIfAbsent(bytes, _ -> new ArrayDeque<>()).add(memory);
            } finally {
                lock.unlock();
            }
        }
    }

    private List<Long> wanted() {
        lock.lock();
        try {
            List<Long> wanted = List.copyOf(taken);
            if (!wanted.isEmpty()) { // else the next version will take what is ready already
                ready.clear();
                taken.clear();
            }
            return wanted;
        } finally {
            lock.unlock();
        }
    }
}
