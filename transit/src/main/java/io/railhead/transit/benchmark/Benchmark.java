package io.railhead.transit.benchmark;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The six benchmarks that RewardMap reports besides its own, and the column that each breaks its accuracy down by.
public enum Benchmark {
    SEED_BENCH_2_PLUS("category", Metric.CHOICE),
    SPATIAL_EVAL("category", Metric.CHOICE),
    V_STAR("category", Metric.CHOICE),
    HR_BENCH("category", Metric.CHOICE),
    CHART_QA("split", Metric.RELAXED),
    MM_STAR("category", Metric.CHOICE);

    /// How a response is judged.
    public enum Metric {
        /// One of the options, by its letter or its text.
        CHOICE,
        /// A number within 5 % of the right one, or the same text.
        RELAXED
    }

    /// The options of a question that has them in its text: only their letters are known.
    private static final Map<String, String> LETTERS = Map.of("A", "\0", "B", "\0", "C", "\0", "D", "\0");

    private final String group;
    private final Metric metric;

    Benchmark(String group, Metric metric) {
        this.group = group;
        this.metric = metric;
    }

    /// The column of the rows' groups.
    String group() {
        return group;
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

    /// Whether the response gives the item's answer. The rules that need no judging model: where the published tool
    /// would ask one, the response is wrong.
    public boolean isCorrect(BenchmarkItem item, String response) {
        return switch (metric) {
            case CHOICE ->
                Choice.of(item.options().isEmpty() ? LETTERS : item.options(), response)
                        .equals(item.answer());
            case RELAXED -> Relaxed.agrees(item.answer(), response);
        };
    }
}
