package io.railhead.transit.benchmark;

import io.railhead.transit.metric.EvaluationMode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The six benchmarks that RewardMap reports besides its own.
public enum Benchmark {
    SEED_BENCH_2_PLUS(Metric.CHOICE),
    SPATIAL_EVAL(Metric.CHOICE),
    V_STAR(Metric.CHOICE),
    HR_BENCH(Metric.CHOICE),
    CHART_QA(Metric.RELAXED),
    MM_STAR(Metric.CHOICE);

    /// How a response is judged.
    public enum Metric {
        /// One of the options, by its letter or its text.
        CHOICE,
        /// A number within 5 % of the right one, or the same text.
        RELAXED
    }

    /// The options of a question that has them in its text: only their letters are known.
    private static final Map<String, String> LETTERS = Map.of("A", "\0", "B", "\0", "C", "\0", "D", "\0");

    private final Metric metric;

    Benchmark(Metric metric) {
        this.metric = metric;
    }

    public Metric metric() {
        return metric;
    }

    /// As a command line takes it: `seed-bench-2-plus`.
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// @throws IllegalArgumentException if no benchmark has this name
    public static Benchmark ofWireName(String name) {
        return Arrays.stream(values())
                .filter(benchmark -> benchmark.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("benchmark '" + name + "' is none of "
                        + Arrays.stream(values()).map(Benchmark::wireName).collect(Collectors.joining(", "))));
    }

    /// Whether the response gives the item's answer.
    ///
    /// [EvaluationMode#REFERENCE] has VLMEvalKit's rules as they are without a judging model, which there reads
    /// what they cannot: [PublishedChoice]. By default [Choice] reads it.
    public boolean isCorrect(BenchmarkItem item, String response, EvaluationMode mode) {
        Map<String, String> options = item.options().isEmpty() ? LETTERS : item.options();
        return switch (metric) {
            case CHOICE -> choice(options, response, mode).equals(item.answer());
            case RELAXED -> Relaxed.agrees(item.answer(), response, mode);
        };
    }

    private static String choice(Map<String, String> options, String response, EvaluationMode mode) {
        return switch (mode) {
            case RAILHEAD -> Choice.of(options, response);
            case REFERENCE -> PublishedChoice.of(options, response);
        };
    }
}
