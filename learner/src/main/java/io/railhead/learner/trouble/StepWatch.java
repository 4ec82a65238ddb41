package io.railhead.learner.trouble;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.learner.objective.SequenceTarget;
import io.railhead.learner.trouble.Trouble.Offender;
import io.railhead.policy.TokenGradients;
import io.railhead.policy.TokenObjective;
import io.railhead.policy.TokenScores;
import java.util.ArrayList;
import java.util.List;

/// Looks over the objective's shoulder through one optimiser step: hands everything on, and finds losses and scores
/// that are not finite and ratios above the limit, before the optimiser acts. Not thread-safe.
public final class StepWatch {
    private final TroubleSettings settings;
    private final int optimiserStep;
    private final List<Sample> samples;
    private final List<Offender> notFinite = new ArrayList<>();
    private final List<Offender> exploding = new ArrayList<>();
    private final List<Offender> lost = new ArrayList<>();
    private long notFiniteTokens;
    private long explodingTokens;
    private double largestRatio;
    private double loss; // of the microbatches so far
    private boolean lossIsFinite = true;
    private int next;

    /// Whose continuation it is, in the order in which scores come.
    public record Sample(LeaseId lease, int sampleIndex, double advantage) {}

    public StepWatch(TroubleSettings settings, int optimiserStep, List<Sample> samples) {
        this.settings = settings;
        this.optimiserStep = optimiserStep;
        this.samples = List.copyOf(samples);
    }

    /// The objective of the next microbatch, watched.
    ///
    /// @param targets of its continuations, in order
    public TokenObjective over(List<SequenceTarget> targets, TokenObjective objective) {
        return scores -> {
            TokenGradients gradients = objective.gradients(scores);
            look(targets, scores, gradients.loss());
            return gradients;
        };
    }

    private void look(List<SequenceTarget> targets, List<TokenScores> scores, double ofMicrobatch) {
        loss += ofMicrobatch;
        boolean finite = Double.isFinite(ofMicrobatch);
        lossIsFinite &= finite;
        for (int i = 0; i < targets.size(); i++) {
            Sample sample = samples.get(next++);
            look(sample, targets.get(i), scores.get(i));
            if (!finite) {
                lost.add(offender(sample, "the loss of its microbatch is " + ofMicrobatch, scores.get(i)));
            }
        }
    }

    private void look(Sample sample, SequenceTarget target, TokenScores scores) {
        int broken = 0;
        int above = 0;
        double largest = 0;
        int largestAt = 0;
        float[] proximal = target.proximal();
        float[] anchor = proximal == null ? target.behaviour() : proximal;
        for (int t = 0; t < target.size(); t++) {
            if (!target.lossMask()[t]) {
                continue;
            }
            double ratio = Math.exp((double) scores.logProbs()[t] - anchor[t]);
            if (!Float.isFinite(scores.logProbs()[t])
                    || !Float.isFinite(scores.entropies()[t])
                    || !Float.isFinite(anchor[t])) {
                broken++;
            } else if (ratio > settings.largestRatio()) {
                above++;
                largestAt = ratio > largest ? t : largestAt;
                largest = Math.max(largest, ratio);
            }
        }
        notFiniteTokens += broken;
        explodingTokens += above;
        largestRatio = Math.max(largestRatio, largest);
        if (broken > 0) {
            notFinite.add(offender(sample, "%d tokens have scores that are not finite".formatted(broken), scores));
        }
        if (above > 0) {
            exploding.add(offender(sample, "token %d has the ratio %.6g".formatted(largestAt, largest), scores));
        }
    }

    /// What was found in all microbatches.
    public List<Trouble> troubles() {
        List<Trouble> troubles = new ArrayList<>();
        if (!lossIsFinite) {
            troubles.add(trouble(TroubleKind.NOT_FINITE_LOSS, "the loss is " + loss, lost));
        }
        if (notFiniteTokens > 0) {
            troubles.add(trouble(
                    TroubleKind.NOT_FINITE_SCORES,
                    "%d tokens of %d samples have a log-probability or entropy that is not finite"
                            .formatted(notFiniteTokens, notFinite.size()),
                    notFinite));
        }
        if (explodingTokens > 0) {
            troubles.add(trouble(
                    TroubleKind.EXPLODING_RATIO,
                    "%d tokens of %d samples have an importance ratio above %s; the largest is %.6g"
                            .formatted(explodingTokens, exploding.size(), settings.largestRatio(), largestRatio),
                    exploding));
        }
        return List.copyOf(troubles);
    }

    /// Trouble of the gradient: nothing says which sample it is from.
    public Trouble ofGradient(double norm) {
        List<Offender> all = samples.stream()
                .map(sample -> new Offender(
                        sample.lease(), sample.sampleIndex(), "in the batch", sample.advantage(), List.of()))
                .toList();
        return trouble(TroubleKind.NOT_FINITE_GRADIENT, "the gradient's norm is " + norm, all);
    }

    private Trouble trouble(TroubleKind kind, String cause, List<Offender> offenders) {
        return new Trouble(
                kind,
                settings.action(kind),
                optimiserStep,
                cause,
                offenders.stream().limit(settings.keptSamples()).toList());
    }

    private static Offender offender(Sample sample, String why, TokenScores scores) {
        return new Offender(
                sample.lease(), sample.sampleIndex(), why, sample.advantage(), Offender.list(scores.logProbs()));
    }
}
