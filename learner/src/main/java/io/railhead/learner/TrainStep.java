package io.railhead.learner;

import io.railhead.learner.TrainingBatch.Item;
import io.railhead.learner.TrainingBatch.Sequence;
import io.railhead.learner.objective.BatchShape;
import io.railhead.learner.objective.EffectiveSamples;
import io.railhead.learner.objective.ObjectiveMeasurements;
import io.railhead.learner.objective.PolicyObjective;
import io.railhead.learner.objective.Rule;
import io.railhead.learner.objective.SequenceTarget;
import io.railhead.learner.objective.Stratum;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.TokenScores;
import io.railhead.policy.TrainablePolicy;
import io.railhead.policy.TrainingRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// One version made out of another: advantages, objective, gradients, optimiser. A function of policy, batch and
/// settings; the learner's actor and the synchronous reference loop both call it.
///
/// Order: check staleness; score what the objective needs (recomputed proximal and reference log-probabilities)
/// before anything changes; then for each epoch and minibatch add up gradients over microbatches and take an
/// optimiser step. With one epoch and one minibatch, the default, a version is one optimiser step; with more it is
/// all of them.
///
/// An optimiser step whose gradient norm is not finite is not applied, but counted; the version advances all the
/// same, if need be with unchanged weights, so that a batch is never trained twice.
public final class TrainStep {
    private final LearnerSettings settings;
    private final int maxStaleness;
    private final LongSupplier nanoTime;

    private TrainStep(LearnerSettings settings, int maxStaleness, LongSupplier nanoTime) {
        this.settings = settings;
        this.maxStaleness = maxStaleness;
        this.nanoTime = nanoTime;
    }

    /// @param nanoTime a clock for measuring, such as `System::nanoTime`
    public static TrainStep of(LearnerSettings settings, int maxStaleness, LongSupplier nanoTime) {
        return new TrainStep(settings, maxStaleness, nanoTime);
    }

    /// Whether the policy needs a reference: its weights before the run's first step.
    public boolean needsReference() {
        return settings.objective().needsReference();
    }

    /// The version made, and measurements by the names of [LearnerMetrics].
    public record Result(PolicyVersion version, SortedMap<String, Double> metrics) {
        public Result {
            metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
        }
    }

    private record Microbatch(List<TrainingRow> rows, List<SequenceTarget> targets) {}

    /// @param effectiveShare of its responses, as [EffectiveSamples] has it
    private record Minibatch(List<Microbatch> microbatches, BatchShape shape, double effectiveShare) {}

    /// @throws IllegalStateException if a token is staler than allowed; the policy is then untouched
    public Result run(TrainablePolicy policy, PolicyVersion from, List<Group> groups) {
        if (groups.isEmpty()) {
            throw new IllegalStateException("a train step from " + from + " without a group");
        }
        long start = nanoTime.getAsLong();
        TrainingBatch batch = TrainingBatch.of(groups, settings.credit());
        batch.requireFresh(from, maxStaleness);
        List<Minibatch> minibatches = batch.minibatches(settings.minibatches()).stream()
                .map(minibatch -> prepare(policy, from, minibatch))
                .toList();
        OptimizerStep optimizerStep = settings.optimizer().stepFrom(from);
        ObjectiveMeasurements measured = new ObjectiveMeasurements();
        List<Double> norms = new ArrayList<>();
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            for (Minibatch minibatch : minibatches) {
                norms.add(update(policy, minibatch, of(optimizerStep, minibatch), measured));
            }
        }
        Map<String, Double> metrics = new TreeMap<>(BatchMetrics.of(groups, batch, from));
        int microbatches =
                minibatches.stream().mapToInt(m -> m.microbatches().size()).sum();
        metrics.put(LearnerMetrics.BATCH_MICROBATCHES, (double) microbatches * settings.epochs());
        metrics.put(
                LearnerMetrics.LEARNING_RATE,
                minibatches.stream()
                        .mapToDouble(minibatch -> of(optimizerStep, minibatch).learningRate())
                        .average()
                        .orElseThrow());
        if (settings.objective().needsProximal()) {
            metrics.put(
                    LearnerMetrics.EFFECTIVE_RESPONSES,
                    minibatches.stream()
                            .mapToDouble(Minibatch::effectiveShare)
                            .average()
                            .orElseThrow());
        }
        addUpdates(measured, norms, metrics);
        if (settings.objective().correction().leavesOut()) {
            addLeftOut(measured, metrics);
        }
        metrics.put(LearnerMetrics.TIME_TRAIN_SECONDS, (nanoTime.getAsLong() - start) / 1e9);
        return new Result(from.next(), new TreeMap<>(metrics));
    }

    private Minibatch prepare(TrainablePolicy policy, PolicyVersion from, TrainingBatch minibatch) {
        List<Microbatch> microbatches = Microbatches.split(minibatch.items(), settings.microbatchTokens()).stream()
                .map(items -> prepare(policy, from, items))
                .toList();
        PolicyObjective objective = settings.objective();
        List<SequenceTarget> all = objective.chosen(
                microbatches.stream().flatMap(m -> m.targets().stream()).toList());
        List<Microbatch> chosen = new ArrayList<>();
        int next = 0;
        for (Microbatch microbatch : microbatches) {
            int end = next + microbatch.targets().size();
            chosen.add(new Microbatch(microbatch.rows(), all.subList(next, end)));
            next = end;
        }
        return new Minibatch(chosen, objective.shape(all), EffectiveSamples.ofSequences(all));
    }

    private Microbatch prepare(TrainablePolicy policy, PolicyVersion from, List<Item> items) {
        List<TrainingRow> rows = items.stream().map(Item::row).toList();
        @Nullable
        List<TokenScores> proximal =
                settings.objective().needsProximal() ? policy.score(rows, ParameterSet.TARGET) : null;
        @Nullable
        List<TokenScores> reference =
                settings.objective().needsReference() ? policy.score(rows, ParameterSet.REFERENCE) : null;
        List<Sequence> sequences =
                items.stream().flatMap(item -> item.sequences().stream()).toList();
        List<SequenceTarget> targets = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) {
            targets.add(target(
                    sequences.get(i),
                    from,
                    proximal == null ? null : proximal.get(i),
                    reference == null ? null : reference.get(i)));
        }
        return new Microbatch(rows, List.copyOf(targets));
    }

    private static SequenceTarget target(
            Sequence sequence, PolicyVersion from, @Nullable TokenScores proximal, @Nullable TokenScores reference) {
        SampledTokens response = sequence.response();
        boolean[] lossMask = new boolean[response.size()];
        Arrays.fill(lossMask, true);
        return new SequenceTarget(
                sequence.advantage(),
                proximal == null ? null : proximal.logProbs(),
                response.behaviourLogProbs(),
                reference == null ? null : reference.logProbs(),
                lossMask,
                LongStream.of(response.behaviourVersions())
                        .mapToInt(version -> Math.toIntExact(from.stalenessOf(new PolicyVersion(version))))
                        .toArray(),
                new boolean[response.size()],
                sequence.strata());
    }

    /// The step's settings for one minibatch.
    private OptimizerStep of(OptimizerStep step, Minibatch minibatch) {
        if (!settings.rateByEffectiveSamples()) {
            return step;
        }
        return new OptimizerStep(
                step.learningRate() * Math.sqrt(minibatch.effectiveShare()),
                step.beta1(),
                step.beta2(),
                step.epsilon(),
                step.weightDecay(),
                step.maxGradientNorm());
    }

    private double update(
            TrainablePolicy policy, Minibatch minibatch, OptimizerStep step, ObjectiveMeasurements measured) {
        for (Microbatch microbatch : minibatch.microbatches()) {
            policy.accumulate(
                    microbatch.rows(), settings.objective().on(microbatch.targets(), minibatch.shape(), measured));
        }
        return policy.step(step);
    }

    private static void addUpdates(ObjectiveMeasurements measured, List<Double> norms, Map<String, Double> metrics) {
        int steps = norms.size();
        metrics.put(LearnerMetrics.LOSS_POLICY, measured.policyLoss() / steps);
        metrics.put(LearnerMetrics.LOSS_KL, measured.klLoss() / steps);
        metrics.put(LearnerMetrics.LOSS_ENTROPY, measured.entropyLoss() / steps);
        metrics.put(LearnerMetrics.LOSS, (measured.policyLoss() + measured.klLoss() + measured.entropyLoss()) / steps);
        metrics.put(LearnerMetrics.ENTROPY, measured.meanEntropy());
        metrics.put(LearnerMetrics.IMPORTANCE_RATIO_MEAN, measured.meanRatio());
        metrics.put(LearnerMetrics.CLIP_FRACTION_HIGH, measured.clipFractionHigh());
        metrics.put(LearnerMetrics.CLIP_FRACTION_LOW, measured.clipFractionLow());
        metrics.put(LearnerMetrics.CLIP_FRACTION_DUAL, measured.clipFractionDual());
        metrics.put(LearnerMetrics.EFFECTIVE_SAMPLES, measured.effectiveSampleFraction());
        metrics.put(LearnerMetrics.NOT_FINITE_TOKENS, (double) measured.notFinite());
        metrics.put(LearnerMetrics.KL_MISMATCH, measured.mismatchKl());
        if (measured.hasReference()) {
            metrics.put(LearnerMetrics.KL_REFERENCE, measured.referenceKl());
        }
        double[] applied = norms.stream()
                .mapToDouble(Double::doubleValue)
                .filter(Double::isFinite)
                .toArray();
        metrics.put(LearnerMetrics.SKIPPED_STEPS, (double) (steps - applied.length));
        Arrays.stream(applied).average().ifPresent(norm -> metrics.put(LearnerMetrics.GRADIENT_NORM, norm));
    }

    private static void addLeftOut(ObjectiveMeasurements measured, Map<String, Double> metrics) {
        for (Rule rule : Rule.values()) {
            metrics.put(LearnerMetrics.LEFT_OUT_PREFIX + dashed(rule), measured.leftOutFraction(rule));
        }
        for (Stratum stratum : Stratum.values()) {
            metrics.put(LearnerMetrics.LEFT_OUT_PREFIX + dashed(stratum), measured.leftOutFraction(stratum));
        }
    }

    private static String dashed(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
