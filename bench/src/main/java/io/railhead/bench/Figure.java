package io.railhead.bench;

import java.util.List;

/// One measured quantity over several repetitions of at least one slice of work each.
record Figure(String name, String unit, double median, double min, double max, int repetitions) {
    static Figure of(String name, Unit unit, List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Figure(name, unit.text(), median, sorted.getFirst(), sorted.getLast(), sorted.size());
    }
}
