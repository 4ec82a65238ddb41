/// Traces of a rollout's life across nodes, for OpenTelemetry. Each node tells what it did; nothing more than before
/// travels between nodes, since all of them know a trace's id from what they have in hand.
@NullMarked
package io.railhead.app.tracing;

import org.jspecify.annotations.NullMarked;
