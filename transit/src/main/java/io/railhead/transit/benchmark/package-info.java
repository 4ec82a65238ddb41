/// General benchmarks of pictures and questions, from the TSV files that VLMEvalKit reads, with their own metrics.
///
/// Knows: the files' columns, prompts, how an answer is found in a response.
/// Does not know: transit maps, who answers.
@NullMarked
package io.railhead.transit.benchmark;

import org.jspecify.annotations.NullMarked;
