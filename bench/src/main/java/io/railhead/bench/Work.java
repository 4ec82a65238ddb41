package io.railhead.bench;

/// A slice of work that can be done any number of times.
interface Work {
    /// What a slice needs and is not measured.
    default void prepare() {}

    /// The measured part.
    ///
    /// @return how many units of the figure it did, at least 1
    long run();
}
