package io.railhead.app.stale;

import io.railhead.actors.stage.PromptLoadException;
import io.railhead.app.run.Evaluation;
import io.railhead.app.run.Item;
import io.railhead.app.run.ReferenceLoop;
import io.railhead.app.run.RunPlan;
import io.railhead.app.run.StopRequest;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.TrainablePolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.IntStream;

/// Trains one arm with the reference loop, and asks the held-out questions afterwards. Deterministic.
public final class StaleRun {
    private static final double NANOS = 1e9;
    private static final double PER_CENT = 100;

    private final StaleArm arm;
    private final RunPlan plan;
    private final StopRequest stop;

    /// @param plan the arm's: its preset and seed are in it
    public StaleRun(StaleArm arm, RunPlan plan, StopRequest stop) {
        this.arm = arm;
        this.plan = plan;
        this.stop = stop;
    }

    /// @return nothing if it was asked to stop
    public Optional<StaleResult> run() throws IOException {
        long start = System.nanoTime();
        List<SortedMap<String, Double>> steps = new ArrayList<>();
        try (GenerationEngine engine = plan.model().engine(plan.policy().engine());
                TrainablePolicy policy = plan.model().trainable(plan.training())) {
            ReferenceLoop loop = new ReferenceLoop(
                    plan.stage(),
                    plan.learner(),
                    plan.train(),
                    engine,
                    plan.reward().function(),
                    policy,
                    arm.staleness());
            ReferenceLoop.Step last = null;
            while (last == null || last.version().number() < plan.stage().steps()) {
                if (stop.isRequested()) {
                    return Optional.empty();
                }
                last = loop.step();
                steps.add(last.metrics());
            }
            double seconds = (System.nanoTime() - start) / NANOS;
            engine.swap(policy.snapshot(last.version()));
            return Optional.of(result(steps, seconds, evaluate(engine)));
        } catch (PromptLoadException e) {
            throw new IOException(arm + ": " + e.getMessage(), e);
        }
    }

    private Evaluation evaluate(GenerationEngine engine) {
        List<Item> items = Evaluation.choose(plan.heldOut().items(), plan.eval().questions());
        return Evaluation.of(engine, plan.heldOut(), items, plan.eval(), plan.reward(), _ -> {});
    }

    private StaleResult result(List<SortedMap<String, Double>> steps, double seconds, Evaluation evaluation) {
        long right =
                evaluation.answers().stream().filter(Evaluation.Answer::correct).count();
        int questions = evaluation.answers().size();
        return new StaleResult(
                arm.preset(),
                arm.staleness(),
                arm.seed(),
                steps.stream().map(metrics -> of(metrics, "reward/mean")).toList(),
                lastHalf(steps, "policy/effective-sample-fraction"),
                lastHalf(steps, "kl/mismatch"),
                questions == 0 ? Double.NaN : PER_CENT * right / questions,
                questions,
                seconds);
    }

    private static double lastHalf(List<SortedMap<String, Double>> steps, String metric) {
        return IntStream.range(steps.size() / 2, steps.size())
                .mapToDouble(i -> of(steps.get(i), metric))
                .average()
                .orElseThrow();
    }

    private static double of(Map<String, Double> metrics, String metric) {
        Double value = metrics.get(metric);
        if (value == null) {
            throw new IllegalStateException("a train step without " + metric);
        }
        return value;
    }
}
