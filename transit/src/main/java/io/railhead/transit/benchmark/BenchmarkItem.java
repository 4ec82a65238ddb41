package io.railhead.transit.benchmark;

import io.railhead.transit.data.ImageSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// One row of a benchmark.
///
/// @param group what the accuracy is broken down by
/// @param prompt the question with its options and what kind of answer is wanted
/// @param options letter to text; empty where the answer is free
/// @param answer the letter of the right option, or the answer's text
public record BenchmarkItem(
        String id,
        String group,
        String prompt,
        SequencedMap<String, String> options,
        String answer,
        ImageSource image) {
    public BenchmarkItem {
        options = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(options));
    }
}
