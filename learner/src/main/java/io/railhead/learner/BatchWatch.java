package io.railhead.learner;

import io.railhead.learner.TrainingBatch.Item;
import io.railhead.learner.trouble.StepWatch;
import io.railhead.learner.trouble.Trouble;
import io.railhead.learner.trouble.Trouble.Offender;
import io.railhead.learner.trouble.TroubleKind;
import io.railhead.learner.trouble.TroubleSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Finds the trouble of whole batches, before anything is made of them.
final class BatchWatch {
    private BatchWatch() {}

    /// The continuations of a minibatch, in the order of their scores.
    static List<StepWatch.Sample> samples(TrainingBatch minibatch) {
        List<StepWatch.Sample> samples = new ArrayList<>();
        for (Item item : minibatch.items()) {
            for (int i = 0; i < item.sequences().size(); i++) {
                samples.add(new StepWatch.Sample(
                        item.lease(), i, item.sequences().get(i).advantage()));
            }
        }
        return samples;
    }

    static Optional<Trouble> zeroVariance(List<Group> groups, TroubleSettings settings) {
        long equal = groups.stream().filter(Group::zeroVariance).count();
        if (equal < settings.zeroVarianceShare() * groups.size()) {
            return Optional.empty();
        }
        return Optional.of(new Trouble(
                TroubleKind.ZERO_VARIANCE,
                settings.action(TroubleKind.ZERO_VARIANCE),
                0,
                "%d of %d groups have equal rewards".formatted(equal, groups.size()),
                offenders(groups, Group::zeroVariance, "its group's rewards are all equal", settings)));
    }

    /// @param deviations as in `RewardDrift`
    static Optional<Trouble> drift(
            List<Group> groups, double mean, Optional<Double> deviations, TroubleSettings settings) {
        return deviations
                .filter(distance -> Math.abs(distance) >= settings.driftDeviations())
                .map(distance -> new Trouble(
                        TroubleKind.REWARD_DRIFT,
                        settings.action(TroubleKind.REWARD_DRIFT),
                        0,
                        "the mean reward %.6g is %.3g standard deviations from that of the %d steps before"
                                .formatted(mean, distance, settings.driftSteps()),
                        offenders(groups, _ -> true, "in the batch", settings)));
    }

    private static List<Offender> offenders(
            List<Group> groups, Predicate<Group> which, String why, TroubleSettings settings) {
        return groups.stream()
                .filter(which)
                .flatMap(group -> group.samples().stream())
                .limit(settings.keptSamples())
                .map(sample ->
                        new Offender(sample.rollout().lease(), sample.rollout().sampleIndex(), why, 0, List.of()))
                .toList();
    }
}
