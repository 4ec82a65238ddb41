package io.railhead.learner;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RunFact;
import io.railhead.learner.TrainingBatch.Item;
import io.railhead.learner.TrainingBatch.Sequence;
import io.railhead.learner.objective.BatchShape;
import io.railhead.learner.objective.EffectiveSamples;
import io.railhead.learner.objective.ObjectiveMeasurements;
import io.railhead.learner.objective.PolicyObjective;
import io.railhead.learner.objective.Rule;
import io.railhead.learner.objective.SequenceTarget;
import io.railhead.learner.objective.Stratum;
import io.railhead.learner.trouble.StepWatch;
import io.railhead.learner.trouble.Trouble;
import io.railhead.learner.trouble.TroubleAction;
import io.railhead.learner.trouble.TroubleSettings;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.OutOfDeviceMemoryException;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.TokenObjective;
import io.railhead.policy.TokenScores;
import io.railhead.policy.TrainablePolicy;
import io.railhead.policy.TrainingRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// One version made out of another: advantages, objective, gradients, optimiser. A function of policy, batch and
/// settings, and of how small the microbatches had to become; the learner's actor and the synchronous reference
/// loop both call it. Not thread-safe.
///
/// Order: check staleness; score what the objective needs (recomputed proximal and reference log-probabilities)
/// before anything changes; then for each epoch and minibatch add up gradients over microbatches and take an
/// optimiser step. With one epoch and one minibatch, the default, a version is one optimiser step; with more it is
/// all of them.
///
/// Numerical trouble is found before the optimiser acts: in the batch before the first pass, in losses and scores
/// between the passes and the optimiser, in the gradient by its norm. So a skipped optimiser step needs nothing put
/// back; only where a train step is several optimiser steps, and may be rolled back, a copy of weights and optimiser
/// is held while it lasts. The version advances all the same, if need be with unchanged weights, so that a batch is
/// never trained twice.
public final class TrainStep {
    private final LearnerSettings settings;
    private final int maxStaleness;
    private final LongSupplier nanoTime;
    private int microbatchTokens; // what settings say, or less since memory was short

    private TrainStep(LearnerSettings settings, int maxStaleness, LongSupplier nanoTime) {
        this.settings = settings;
        this.maxStaleness = maxStaleness;
        this.nanoTime = nanoTime;
        this.microbatchTokens = settings.microbatchTokens();
    }

    /// @param nanoTime a clock for measuring, such as `System::nanoTime`
    public static TrainStep of(LearnerSettings settings, int maxStaleness, LongSupplier nanoTime) {
        return new TrainStep(settings, maxStaleness, nanoTime);
    }

    /// Whether the policy needs a reference: its weights before the run's first step.
    public boolean needsReference() {
        return settings.objective().needsReference();
    }

    TroubleSettings troubleSettings() {
        return settings.trouble();
    }

    /// The version made, and measurements by the names of [LearnerMetrics].
    ///
    /// @param trained leases of the batch that an optimiser step was taken with, in their order
    /// @param shortage what was done about a device without enough memory
    public record Result(
            PolicyVersion version,
            SortedMap<String, Double> metrics,
            List<LeaseId> trained,
            List<Trouble> troubles,
            Optional<RunFact.MemoryShort> shortage) {
        public Result {
            metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
            trained = List.copyOf(trained);
            troubles = List.copyOf(troubles);
        }

        /// Why there is no such version: the policy is as before the train step.
        public Optional<Trouble> fatal() {
            return troubles.stream().filter(Trouble::stops).findFirst();
        }
    }

    private record Microbatch(List<TrainingRow> rows, List<SequenceTarget> targets) {}

    /// @param effectiveShare of its responses, as [EffectiveSamples] has it
    private record Minibatch(
            List<Microbatch> microbatches, BatchShape shape, double effectiveShare, List<StepWatch.Sample> samples) {}

    /// What became of the optimiser steps of a train step.
    private static final class Updates {
        final ObjectiveMeasurements measured = new ObjectiveMeasurements();
        final List<Double> norms = new ArrayList<>(); // NaN where the step was not taken
        final Set<LeaseId> trained = new HashSet<>();
        final List<Trouble> troubles = new ArrayList<>();

        TroubleAction hardest() {
            return Trouble.hardest(troubles);
        }
    }

    /// With the learning rate of the schedule.
    public Result run(TrainablePolicy policy, PolicyVersion from, List<Group> groups) {
        return run(policy, from, groups, 1);
    }

    /// Where the device has not enough memory, the microbatches are halved and the step is made from its beginning,
    /// with the same batch; they stay halved. The sums of gradients have another order then, so a metric says so.
    ///
    /// @param rateFactor what the learning rate is multiplied by, 1 unless a closed loop says otherwise
    /// @throws IllegalStateException if a token is staler than allowed; the policy is then untouched
    /// @throws OutOfDeviceMemoryException if smaller microbatches are not to be had, or an optimiser step was taken
    public Result run(TrainablePolicy policy, PolicyVersion from, List<Group> groups, double rateFactor) {
        Optional<RunFact.MemoryShort> shortage = Optional.empty();
        TrainingBatch batch = TrainingBatch.of(groups, settings.credit());
        while (true) {
            try {
                return attempt(policy, from, groups, rateFactor, shortage);
            } catch (OutOfDeviceMemoryException e) {
                policy.discard();
                int before = microbatchTokens;
                microbatchTokens = smaller(batch, before);
                if (microbatchTokens == 0 || settings.epochs() * settings.minibatches() > 1) {
                    throw e;
                }
                shortage = Optional.of(new RunFact.MemoryShort(
                        "learner",
                        String.valueOf(e.getMessage()),
                        "microbatches of %d tokens instead of %d".formatted(microbatchTokens, before)));
            }
        }
    }

    /// Half of the tokens, as often as it takes for more microbatches; 0 if there cannot be more.
    private static int smaller(TrainingBatch batch, int tokens) {
        int pieces = Microbatches.split(batch.items(), tokens).size();
        int less = tokens / 2;
        while (less > 0 && Microbatches.split(batch.items(), less).size() == pieces) {
            less /= 2;
        }
        return less;
    }

    private Result attempt(
            TrainablePolicy policy,
            PolicyVersion from,
            List<Group> groups,
            double rateFactor,
            Optional<RunFact.MemoryShort> shortage) {
        if (groups.isEmpty()) {
            throw new IllegalStateException("a train step from " + from + " without a group");
        }
        long start = nanoTime.getAsLong();
        TrainingBatch batch = TrainingBatch.of(groups, settings.credit());
        batch.requireFresh(from, maxStaleness);
        List<Minibatch> minibatches = batch.minibatches(settings.minibatches()).stream()
                .map(minibatch -> prepare(policy, from, minibatch))
                .toList();
        OptimizerStep optimizerStep = slowed(settings.optimizer().stepFrom(from), rateFactor);
        Updates updates = update(policy, groups, minibatches, optimizerStep);
        Map<String, Double> metrics = new TreeMap<>(BatchMetrics.of(groups, batch, from));
        int microbatches =
                minibatches.stream().mapToInt(m -> m.microbatches().size()).sum();
        metrics.put(LearnerMetrics.BATCH_MICROBATCHES, (double) microbatches * settings.epochs());
        if (microbatchTokens < settings.microbatchTokens()) {
            metrics.put(LearnerMetrics.MICROBATCH_TOKENS, (double) microbatchTokens);
        }
        metrics.put(
                LearnerMetrics.LEARNING_RATE,
                minibatches.stream()
                        .mapToDouble(minibatch -> of(optimizerStep, minibatch).learningRate())
                        .average()
                        .orElseThrow());
        if (rateFactor != 1) {
            metrics.put(LearnerMetrics.LEARNING_RATE_FACTOR, rateFactor);
        }
        if (settings.objective().needsProximal()) {
            metrics.put(
                    LearnerMetrics.EFFECTIVE_RESPONSES,
                    minibatches.stream()
                            .mapToDouble(Minibatch::effectiveShare)
                            .average()
                            .orElseThrow());
        }
        addUpdates(updates.measured, updates.norms, metrics);
        if (settings.objective().correction().leavesOut()) {
            addLeftOut(updates.measured, metrics);
        }
        updates.troubles.forEach(trouble ->
                metrics.merge(LearnerMetrics.TROUBLE_PREFIX + trouble.kind().label(), 1.0, Double::sum));
        metrics.put(LearnerMetrics.TIME_TRAIN_SECONDS, (nanoTime.getAsLong() - start) / 1e9);
        return new Result(
                updates.hardest() == TroubleAction.FAIL ? from : from.next(),
                new TreeMap<>(metrics),
                groups.stream()
                        .map(Group::lease)
                        .filter(updates.trained::contains)
                        .toList(),
                updates.troubles,
                shortage);
    }

    private Updates update(
            TrainablePolicy policy, List<Group> groups, List<Minibatch> minibatches, OptimizerStep optimizerStep) {
        Updates updates = new Updates();
        BatchWatch.zeroVariance(groups, settings.trouble()).ifPresent(updates.troubles::add);
        int count = settings.epochs() * minibatches.size();
        if (updates.hardest() != TroubleAction.WARN) {
            updates.norms.addAll(Collections.nCopies(count, Double.NaN));
            return updates;
        }
        Runnable restore = count > 1 && settings.trouble().mayRollBack() ? policy.keep() : () -> {};
        for (int i = 0; i < count; i++) {
            Minibatch minibatch = minibatches.get(i % minibatches.size());
            update(policy, minibatch, of(optimizerStep, minibatch), i, updates);
            if (updates.hardest().compareTo(TroubleAction.ROLL_BACK) >= 0) {
                restore.run();
                updates.trained.clear();
                updates.norms.clear();
                updates.norms.addAll(Collections.nCopies(count, Double.NaN));
                return updates;
            }
        }
        return updates;
    }

    private Minibatch prepare(TrainablePolicy policy, PolicyVersion from, TrainingBatch minibatch) {
        List<Microbatch> microbatches = Microbatches.split(minibatch.items(), microbatchTokens).stream()
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
        return new Minibatch(
                chosen, objective.shape(all), EffectiveSamples.ofSequences(all), BatchWatch.samples(minibatch));
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
        return slowed(step, Math.sqrt(minibatch.effectiveShare()));
    }

    private static OptimizerStep slowed(OptimizerStep step, double factor) {
        return new OptimizerStep(
                step.learningRate() * factor,
                step.beta1(),
                step.beta2(),
                step.epsilon(),
                step.weightDecay(),
                step.maxGradientNorm());
    }

    private void update(
            TrainablePolicy policy, Minibatch minibatch, OptimizerStep step, int optimiserStep, Updates updates) {
        StepWatch watch = new StepWatch(settings.trouble(), optimiserStep, minibatch.samples());
        for (Microbatch microbatch : minibatch.microbatches()) {
            TokenObjective objective =
                    settings.objective().on(microbatch.targets(), minibatch.shape(), updates.measured);
            policy.accumulate(microbatch.rows(), watch.over(microbatch.targets(), objective));
        }
        List<Trouble> found = watch.troubles();
        updates.troubles.addAll(found);
        if (Trouble.hardest(found) != TroubleAction.WARN) {
            policy.discard();
            updates.norms.add(Double.NaN);
            return;
        }
        double norm = policy.step(step);
        updates.norms.add(norm);
        if (Double.isFinite(norm)) {
            minibatch.samples().forEach(sample -> updates.trained.add(sample.lease()));
        } else {
            updates.troubles.add(watch.ofGradient(norm));
        }
    }

    private static void addUpdates(ObjectiveMeasurements measured, List<Double> norms, Map<String, Double> metrics) {
        int steps = norms.size();
        putFinite(metrics, LearnerMetrics.LOSS_POLICY, measured.policyLoss() / steps);
        putFinite(metrics, LearnerMetrics.LOSS_KL, measured.klLoss() / steps);
        putFinite(metrics, LearnerMetrics.LOSS_ENTROPY, measured.entropyLoss() / steps);
        putFinite(
                metrics,
                LearnerMetrics.LOSS,
                (measured.policyLoss() + measured.klLoss() + measured.entropyLoss()) / steps);
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

    /// A loss that is not finite is no measurement but trouble, and told as such.
    private static void putFinite(Map<String, Double> metrics, String name, double value) {
        if (Double.isFinite(value)) {
            metrics.put(name, value);
        }
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
