package io.railhead.policy;

import java.time.Duration;
import java.util.List;

/// Generates responses by continuous batching: requests join and finished sequences leave between decode steps.
///
/// Not thread-safe: one thread makes it, calls it and closes it. Requests wait in the order of submission until slots
/// are free; a request's samples all start together.
///
/// Invariants: every submitted sample is returned by `step` exactly once or dropped, by `cancel` or a refusal; every
/// token carries
/// the version of the weights that produced it; `swap` takes effect between two tokens.
public interface GenerationEngine extends AutoCloseable {
    /// A request that can never be served, and why.
    record Refusal(String requestId, String cause) {}

    /// The version of the weights that produce the next token.
    PolicyVersion version();

    /// The most sequences that are decoded at a time.
    int slots();

    /// Samples submitted and neither returned nor cancelled.
    int pending();

    /// Queues a request.
    ///
    /// @throws PromptRejectedException if the prompt cannot be taken; nothing is queued then
    void submit(GenerationRequest request);

    /// Starts what fits, advances every running sequence by one token, and returns those that ended with it.
    ///
    /// @throws OutOfDeviceMemoryException if fewer slots might fit; the engine is of no use then
    List<FinishedSequence> step();

    /// How long from now `step` would change nothing that anyone sees. Whoever drives the engine may let that time
    /// pass before the next step, and should ask again after `submit`, `cancel` and `swap`. An engine that computes
    /// is never quiet; one whose work is elsewhere, or only simulated, can be.
    default Duration quiet() {
        return Duration.ZERO;
    }

    /// Requests that the engine refused after it had queued them, since the last call; their samples are dropped.
    List<Refusal> refused();

    /// Drops the samples of a request that are not finished. Unknown ids are ignored.
    void cancel(String requestId);

    /// Replaces the weights between two tokens; what running sequences do then is the engine's [SwapMode]. An engine
    /// that
    /// drains serves the old version until they have ended, and starts nothing before.
    ///
    /// @throws IllegalArgumentException if names, types or shapes differ from the present weights, or the version
    ///     goes back
    void swap(WeightsSnapshot weights);

    @Override
    void close();
}
