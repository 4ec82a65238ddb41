package io.railhead.transit.benchmark;

import io.railhead.transit.data.ImageSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// One row of a benchmark.
///
/// @param groups what the accuracy is broken down by: the row's split and categories
/// @param cycle of a question that is asked several times with its options turned round; empty if it is asked once
/// @param prompt the question with its options and what kind of answer is wanted
/// @param options letter to text; empty where the answer is free
/// @param answer the letter of the right option, or the answer's text
public record BenchmarkItem(
        String id,
        List<String> groups,
        String cycle,
        String prompt,
        SequencedMap<String, String> options,
        String answer,
        ImageSource image) {
    public BenchmarkItem {
        groups = List.copyOf(groups);
        options = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(options));
    }
}
