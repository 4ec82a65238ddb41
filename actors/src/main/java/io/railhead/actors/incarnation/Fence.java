package io.railhead.actors.incarnation;

import io.railhead.actors.protocol.Incarnation;

/// Asked before everything that a life writes for others to find.
///
/// It keeps a process that was frozen from writing when it thaws. It cannot keep it from being frozen between the
/// question and the write; what is written then is ignored by its readers, see [Lineage].
public interface Fence {
    /// The life that it lets write.
    Incarnation incarnation();

    /// @throws FencedException if another life has begun
    void check() throws FencedException;

    /// For what is not written into a run directory.
    static Fence open() {
        return new Fence() {
            @Override
            public Incarnation incarnation() {
                return Incarnation.NONE;
            }

            @Override
            public void check() {}
        };
    }
}
