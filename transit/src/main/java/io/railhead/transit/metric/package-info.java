/// The benchmarks' metrics: accuracy per kind of question and difficulty, weighted as the papers weigh it.
///
/// Knows: questions, verdicts, weights, intervals.
/// Does not know: where verdicts come from, rewards, how tables are stored.
@NullMarked
package io.railhead.transit.metric;

import org.jspecify.annotations.NullMarked;
