package io.railhead.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/// The figures of one benchmark with all that they depend on.
record Report(String name, List<Figure> figures, long seed, String jvm, int cpuCount, int threads) {
    private static final JsonMapper JSON = new JsonMapper();

    Report {
        figures = List.copyOf(figures);
    }

    static Report ofThisMachine(BenchmarkName name, List<Figure> figures) {
        return new Report(
                name.wireName(),
                figures,
                Benchmark.SEED,
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                name.threads());
    }

    /// One object on one line.
    String json() {
        ObjectNode json = JSON.createObjectNode().put("name", name);
        var list = json.putArray("figures");
        for (Figure figure : figures) {
            list.addObject()
                    .put("name", figure.name())
                    .put("unit", figure.unit())
                    .put("median", figure.median())
                    .put("min", figure.min())
                    .put("max", figure.max())
                    .put("repetitions", figure.repetitions());
        }
        return json.put("seed", seed)
                .put("jvm", jvm)
                .put("cpu_count", cpuCount)
                .put("threads", threads)
                .toString();
    }

    /// A table and a line on where it was measured.
    String text() {
        var text = new StringBuilder(row("", "median", "min", "max", "unit"));
        for (Figure figure : figures) {
            text.append(row(
                    figure.name(), number(figure.median()), number(figure.min()), number(figure.max()), figure.unit()));
        }
        return text.append("%d repetitions, seed %d, %s, %d CPUs, threads %d"
                        .formatted(figures.getFirst().repetitions(), seed, jvm, cpuCount, threads))
                .toString();
    }

    private static String row(String name, String median, String min, String max, String unit) {
        return "%-20s %12s %12s %12s  %s%n".formatted(name, median, min, max, unit);
    }

    /// Four digits are more than a loop like this is good for.
    private static String number(double value) {
        return String.format(Locale.ROOT, value < 1000 ? "%.4g" : "%,.0f", value);
    }
}
