package io.railhead.app.trackers;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/// Somebody else's record of a run's train steps. One thread at a time; may take its time.
///
/// `open`, then any of `add` and `rewind`, then `end` if the run is over, then `close`. After a failure only `close`
/// and
/// `open` again.
interface Tracker extends Closeable {
    /// As people call it.
    String name();

    /// @return the version of the newest step that it has already, 0 for none; it is given those after it
    long open() throws IOException;

    /// @param steps in their order, none of them known to it; at least one
    void add(List<TrackedStep> steps) throws IOException;

    /// The run went back to `version`: what came after it did not happen.
    ///
    /// @return the version of the newest step that it has now
    long rewind(long version) throws IOException;

    /// The run is over, and it has all steps.
    void end(Ending ending) throws IOException;

    /// Lets go of what is open; what was added is there.
    @Override
    void close() throws IOException;

    /// How a run ended.
    enum Ending {
        FINISHED,
        /// May go on another time.
        STOPPED,
        FAILED
    }
}
