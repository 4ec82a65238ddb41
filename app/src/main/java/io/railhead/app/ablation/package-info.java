/// Training runs that differ in one thing, compared: what is run, what came of it, and the table of it.
///
/// Knows: settings, evaluations. Does not know: how a run is run, who prints the table.
@NullMarked
package io.railhead.app.ablation;

import org.jspecify.annotations.NullMarked;
