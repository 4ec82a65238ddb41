/// What a run leaves behind while it goes on: the event log, the metrics, and counts of lost messages.
///
/// Knows: run facts, files of the run directory. Does not know: who decides what happens, checkpoints.
@NullMarked
package io.railhead.actors.telemetry;

import org.jspecify.annotations.NullMarked;
