/// What the user sees of a run: the progress line, the tables, the HTML report.
///
/// Knows: run facts and evaluation results. Does not know: where they come from, actors, native code.
@NullMarked
package io.railhead.app.report;

import org.jspecify.annotations.NullMarked;
