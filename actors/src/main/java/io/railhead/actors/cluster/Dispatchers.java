package io.railhead.actors.cluster;

import org.apache.pekko.actor.typed.DispatcherSelector;

/// On which threads actors run that must not run on Pekko's own.
public final class Dispatchers {
    /// A thread of its own for the actor's whole life: generation and training.
    public static final DispatcherSelector PINNED = DispatcherSelector.fromConfig("railhead.pinned-dispatcher");

    /// A few threads that may wait: files.
    public static final DispatcherSelector BLOCKING = DispatcherSelector.fromConfig("railhead.blocking-dispatcher");

    private Dispatchers() {}
}
