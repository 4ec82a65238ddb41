package io.railhead.policy.djl;

import io.railhead.policy.ParameterSet;
import java.io.IOException;
import java.nio.file.Path;

/// What of a policy is trained, and how that is kept: all weights, or adapters on frozen ones.
interface TrainedModel {
    /// The weights that passes use.
    ///
    /// @throws IllegalStateException if a reference is asked for that was never frozen
    Weights weights(ParameterSet parameters);

    /// What the optimiser changes, and snapshots consist of.
    NamedArrays trained();

    /// Whether anything in the vision tower is trained.
    boolean trainsVision();

    void freezeReference();

    /// Writes a model folder.
    void save(Path folder) throws IOException;

    /// Whether `save` writes the trained weights only rounded, so that their masters must be kept elsewhere.
    boolean savesRounded();

    /// Checks what `save` wrote, and returns what then restores it.
    ///
    /// @throws IOException if a file is missing, damaged or of another shape
    Runnable load(Path folder) throws IOException;
}
