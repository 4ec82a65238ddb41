package io.railhead.app.ablation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/// The results of an ablation, measured: a row for the base and each arm that has run, and their differences.
///
/// @param measures those that the questions have
/// @param rows in the order of the arms
/// @param differences of each row to each row that the others are compared with
public record AblationTable(List<Measure> measures, List<Row> rows, List<Difference> differences) {
    /// One arm over its seeds.
    ///
    /// @param seconds mean time of training, without evaluation
    /// @param steps mean train steps
    /// @param responses mean number of responses that it was trained on
    /// @param simulatedWaitMillis that each decode step of its rollouts waited; 0 if the seconds are true
    /// @param paper RewardMap's own figures, by measure
    public record Row(
            String arm,
            String description,
            List<Long> seeds,
            Map<Measure, Estimate> estimates,
            double seconds,
            double steps,
            double responses,
            long simulatedWaitMillis,
            Map<Measure, Double> paper) {
        OptionalDouble secondsPerStep() {
            return steps > 0 ? OptionalDouble.of(seconds / steps) : OptionalDouble.empty();
        }
    }

    /// `arm` minus `against`, question by question and seed by seed.
    ///
    /// @param seeds that both have
    public record Difference(String arm, String against, List<Long> seeds, Map<Measure, Estimate> estimates) {}

    /// @param against names of rows; those that have no result are left out
    public static AblationTable of(Arms arms, List<ArmResult> results, List<String> against) {
        Map<String, List<ArmResult>> byArm = new LinkedHashMap<>();
        byArm.put(Arm.BASE, new ArrayList<>());
        arms.byName().keySet().forEach(name -> byArm.put(name, new ArrayList<>()));
        results.forEach(result ->
                byArm.computeIfAbsent(result.arm(), _ -> new ArrayList<>()).add(result));
        byArm.values().removeIf(List::isEmpty);
        if (byArm.isEmpty()) {
            return new AblationTable(List.of(), List.of(), List.of());
        }
        List<ArmAnswer> questions = results.getFirst().answers();
        List<Measure> measures = new ArrayList<>(List.of(Measure.values()));
        measures.removeIf(measure -> measure.places(questions).length == 0);
        List<Row> rows = new ArrayList<>();
        byArm.forEach((arm, runs) -> rows.add(row(arms, arm, runs, measures)));
        List<Difference> differences = new ArrayList<>();
        for (String other : against) {
            for (String arm : byArm.keySet()) {
                if (byArm.containsKey(other) && !arm.equals(other)) {
                    difference(
                                    arm,
                                    byArm.getOrDefault(arm, List.of()),
                                    other,
                                    byArm.getOrDefault(other, List.of()),
                                    measures)
                            .ifPresent(differences::add);
                }
            }
        }
        return new AblationTable(measures, rows, List.copyOf(differences));
    }

    private static Row row(Arms arms, String name, List<ArmResult> runs, List<Measure> measures) {
        Optional<Arm> arm = Optional.ofNullable(arms.byName().get(name));
        Optional<List<Double>> paper = name.equals(Arm.BASE) ? Optional.of(arms.paperBase()) : arm.flatMap(Arm::paper);
        Map<Measure, Double> figures = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            paper.ifPresent(list -> figures.put(measure, list.get(figures.size())));
        }
        return new Row(
                name,
                arm.map(Arm::description).orElse(name.equals(Arm.BASE) ? "before training" : ""),
                runs.stream().map(ArmResult::seed).toList(),
                estimates(
                        measures,
                        runs.getFirst().answers(),
                        runs.stream()
                                .<Worth>map(run -> (measure, place) -> worth(run, measure, place))
                                .toList()),
                mean(runs, ArmResult::seconds),
                mean(runs, ArmResult::steps),
                mean(runs, ArmResult::responses),
                runs.getFirst().simulatedWaitMillis(),
                figures);
    }

    private static double mean(List<ArmResult> runs, ToDoubleFunction<ArmResult> value) {
        return runs.stream().mapToDouble(value).average().orElseThrow();
    }

    /// What one seed's run is worth on each question, by measure.
    private interface Worth {
        double of(Measure measure, int place);
    }

    private static Map<Measure, Estimate> estimates(
            List<Measure> measures, List<ArmAnswer> questions, List<Worth> bySeed) {
        Map<Measure, Estimate> estimates = new EnumMap<>(Measure.class);
        for (Measure measure : measures) {
            int[] places = measure.places(questions);
            List<double[]> values = bySeed.stream()
                    .map(worth -> Arrays.stream(places)
                            .mapToDouble(place -> worth.of(measure, place))
                            .toArray())
                    .toList();
            double[] weights = Arrays.stream(places)
                    .mapToDouble(place -> measure.weight(questions.get(place)))
                    .toArray();
            estimates.put(measure, Estimate.of(values, weights));
        }
        return estimates;
    }

    private static double worth(ArmResult run, Measure measure, int place) {
        return measure.value(run.answers().get(place));
    }

    /// Over the seeds that both have; the base stands for each seed.
    private static Optional<Difference> difference(
            String arm, List<ArmResult> runs, String other, List<ArmResult> others, List<Measure> measures) {
        List<Long> seeds = new ArrayList<>();
        List<Worth> bySeed = new ArrayList<>();
        for (ArmResult run : arm.equals(Arm.BASE) ? others : runs) {
            Optional<ArmResult> mine = ofSeed(arm, runs, run.seed());
            Optional<ArmResult> theirs = ofSeed(other, others, run.seed());
            if (mine.isPresent() && theirs.isPresent()) {
                seeds.add(run.seed());
                bySeed.add((measure, place) -> worth(mine.get(), measure, place) - worth(theirs.get(), measure, place));
            }
        }
        return seeds.isEmpty()
                ? Optional.empty()
                : Optional.of(new Difference(
                        arm, other, seeds, estimates(measures, runs.getFirst().answers(), bySeed)));
    }

    private static Optional<ArmResult> ofSeed(String arm, List<ArmResult> runs, long seed) {
        return runs.stream()
                .filter(run -> arm.equals(Arm.BASE) || run.seed() == seed)
                .findFirst();
    }
}
