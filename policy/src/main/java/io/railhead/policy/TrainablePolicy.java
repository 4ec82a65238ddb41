package io.railhead.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The policy as the learner sees it: scoring, gradients, optimiser steps, weights out, state in and out.
///
/// Not thread-safe: one thread makes it, calls it and closes it. Deterministic: equal calls from equal state give equal
/// bits on a CPU.
public interface TrainablePolicy extends AutoCloseable {
    /// Log-probabilities and entropies without gradient, one element a continuation, in order.
    ///
    /// @throws PromptRejectedException if a row's placeholders and pictures do not match
    /// @throws OutOfDeviceMemoryException if fewer rows might fit
    List<TokenScores> score(List<TrainingRow> rows, ParameterSet parameters);

    /// Forward pass, `objective`, backward pass; gradients add up until the next `step`. Returns the objective's loss.
    ///
    /// @throws OutOfDeviceMemoryException if fewer rows might fit; then call `discard`
    double accumulate(List<TrainingRow> rows, TokenObjective objective);

    /// Clips and applies the accumulated gradients, and clears them.
    ///
    /// @return the global gradient norm before clipping; if it is not finite, nothing was applied
    double step(OptimizerStep step);

    /// Clears the accumulated gradients without applying them.
    void discard();

    /// Holds a copy of the weights in training and of the optimiser's state in memory.
    ///
    /// @return puts them back, bit for bit; for this policy's thread, and while nothing else was loaded
    Runnable keep();

    /// Tokens of a prompt with chat template and expanded image placeholders, exactly as the generation engine makes
    /// them.
    TokenIds tokenize(Prompt prompt);

    /// Takes the present target weights as the reference of the KL.
    void freezeReference();

    /// A copy of the target weights under the given version.
    WeightsSnapshot snapshot(PolicyVersion version);

    /// Writes `model/` (Hugging Face layout) and `optimizer.safetensors` into an existing directory.
    void save(Path directory) throws IOException;

    /// Restores what `save` wrote.
    ///
    /// @throws IOException if a file is missing, damaged or of another shape; the state is then as before
    void load(Path directory) throws IOException;

    @Override
    void close();
}
