/// The live page of a node: what a browser is given, and the questions that it asks.
///
/// Knows: HTTP, the files of a run directory, the event log. Does not know: actors of a run, what a status says;
/// changes
/// nothing about the run.
@NullMarked
package io.railhead.app.live;

import org.jspecify.annotations.NullMarked;
