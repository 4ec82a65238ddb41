package io.railhead.actors.weights;

import io.railhead.actors.weights.delta.ContentMemory;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.WeightsSnapshot;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// Memory for the next version, made ready while nothing is being fetched.
///
/// The first touch of new memory costs several times what copying into it costs: the system clears it page by page. And
/// most of what applying a difference costs is copying what it does not change. So what one version took is made anew
/// before the next one comes, with the contents of the present one in it. Costs one version of memory. Thread-safe.
public final class ReadyMemory implements ContentMemory {
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Ready> ready = new ArrayList<>(); // guarded by the lock
    private final List<Long> taken = new ArrayList<>(); // sizes since the last `prepare`; guarded by the lock

    /// @param copyOf what is in it
    private record Ready(MemorySegment memory, Optional<MemorySegment> copyOf) {
        boolean isCopyOf(MemorySegment base) {
            return copyOf.isPresent() && isSame(copyOf.get(), base);
        }
    }

    private static boolean isSame(MemorySegment one, MemorySegment other) {
        return one.address() == other.address() && one.byteSize() == other.byteSize();
    }

    @Override
    public Taken take(long bytes, Optional<MemorySegment> base) {
        lock.lock();
        try {
            taken.add(bytes);
            Optional<Ready> copy = base.flatMap(contents -> remove(each -> each.isCopyOf(contents)));
            if (copy.isPresent()) {
                return new Taken(copy.get().memory(), true);
            }
            Optional<Ready> any = remove(each -> each.memory().byteSize() == bytes);
            if (any.isPresent()) {
                return new Taken(any.get().memory(), false);
            }
        } finally {
            lock.unlock();
        }
        return new Taken(NamedTensor.memory(bytes), false);
    }

    private Optional<Ready> remove(Predicate<Ready> which) {
        for (Iterator<Ready> each = ready.iterator(); each.hasNext(); ) {
            Ready one = each.next();
            if (which.test(one)) {
                each.remove();
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }

    /// Makes ready what was taken since the last time, and lets go of what was not.
    ///
    /// @param present the version that the next difference will start from
    public void prepare(Optional<WeightsSnapshot> present) {
        List<MemorySegment> contents = new ArrayList<>();
        present.ifPresent(snapshot -> snapshot.tensors().forEach(tensor -> contents.add(tensor.data())));
        for (long bytes : wanted()) {
            MemorySegment memory = NamedTensor.memory(bytes);
            Optional<MemorySegment> base =
                    contents.stream().filter(each -> each.byteSize() == bytes).findFirst();
            base.ifPresent(contents::remove);
            base.ifPresent(memory::copyFrom);
            lock.lock();
            try {
                ready.add(new Ready(memory, base));
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
