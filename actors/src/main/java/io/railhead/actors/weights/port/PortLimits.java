package io.railhead.actors.weights.port;

import java.time.Duration;

/// What a node puts up with at its weights port.
///
/// @param connections at a time; more are closed at once
/// @param idle how long nothing may move on a connection that somebody waits for
/// @param patience how long a server waits before it says that a version is not here, or is still coming; less than
///     `idle`, which the asker waits
/// @param transfer how long one transfer may take, however steadily it moves
public record PortLimits(int connections, Duration idle, Duration patience, Duration transfer) {
    public PortLimits {
        if (patience.compareTo(idle) >= 0) {
            throw new IllegalArgumentException(
                    "a patience of %s leaves an asker nothing of its %s".formatted(patience, idle));
        }
    }
}
