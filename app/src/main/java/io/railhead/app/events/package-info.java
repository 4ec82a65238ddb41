/// Looking things up in a run's event log: which facts are wanted, and how they read.
///
/// Knows facts. Does not know: files, the command line.
@NullMarked
package io.railhead.app.events;

import org.jspecify.annotations.NullMarked;
