package io.railhead.transit.benchmark;

import io.railhead.transit.metric.Accuracy;
import io.railhead.transit.metric.Intervals;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/// Verdicts, counted up into a benchmark's accuracies: of the whole, and of each group in the order of the file.
///
/// Where questions are asked in cycles (HRBench), an accuracy is the mean of the cycles' accuracies, which is that
/// of all questions if the cycles are equally long.
public final class BenchmarkTable {
    private record Verdict(BenchmarkItem item, boolean correct) {}

    private final List<Verdict> verdicts = new ArrayList<>();
    private final Intervals intervals;

    public BenchmarkTable(Intervals intervals) {
        this.intervals = intervals;
    }

    public void add(BenchmarkItem item, boolean correct) {
        verdicts.add(new Verdict(item, correct));
    }

    public List<Accuracy> rows() {
        Map<String, List<Verdict>> groups = new LinkedHashMap<>();
        groups.put("overall", verdicts);
        for (Verdict verdict : verdicts) {
            for (String group : verdict.item().groups()) {
                groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(verdict);
            }
        }
        return groups.entrySet().stream()
                .filter(group -> !group.getValue().isEmpty())
                .map(group -> row(group.getKey(), group.getValue()))
                .toList();
    }

    private Accuracy row(String name, List<Verdict> of) {
        Map<String, Integer> sizes = new HashMap<>();
        of.forEach(verdict -> sizes.merge(verdict.item().cycle(), 1, Integer::sum));
        ToIntFunction<Verdict> size =
                verdict -> sizes.getOrDefault(verdict.item().cycle(), 1);
        boolean[] correct = new boolean[of.size()];
        double[] weights = new double[of.size()];
        for (int i = 0; i < correct.length; i++) {
            correct[i] = of.get(i).correct();
            weights[i] = 1.0 / size.applyAsInt(of.get(i));
        }
        return Accuracy.of(name, correct, weights, intervals);
    }
}
