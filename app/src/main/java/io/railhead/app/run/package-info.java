/// A run put together: settings, run directory, tasks, the guardian of one node, the embedded run, the reference loop,
/// evaluation.
///
/// Knows: every module, and names their implementations. Does not know: option names; contains no rule of its own.
@NullMarked
package io.railhead.app.run;

import org.jspecify.annotations.NullMarked;
