package io.railhead.actors.weights.delta;

import io.railhead.policy.NamedTensor;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Gives memory for the contents of a version that is being assembled.
public interface ContentMemory {
    /// @param holdsBase whether the base's contents are in it already; else it holds anything
    record Taken(MemorySegment memory, boolean holdsBase) {}

    /// New memory for everything.
    ContentMemory NEW = (bytes, _) -> new Taken(NamedTensor.memory(bytes), false);

    /// @param bytes of a tensor
    /// @param base the contents that a difference will be applied to, as long; none for a snapshot
    Taken take(long bytes, Optional<MemorySegment> base);
}
