package io.railhead.actors.stage;

import io.railhead.actors.protocol.Task;
import java.util.List;

/// Where prompts come from. Thread-safe; called by the stage controller on its own thread, and by those who need a
/// picture again: `load` may read a file, no more.
public interface PromptSource {
    /// Every prompt there is. Stable for the length of a run and over its resumptions; the order is irrelevant.
    List<PromptRef> catalogue();

    /// The task with this id of the catalogue, with its pictures: the same ones each time.
    ///
    /// @throws PromptLoadException if it cannot be read; the message names the file
    Task load(String id) throws PromptLoadException;
}
