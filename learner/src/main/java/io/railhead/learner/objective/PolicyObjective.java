package io.railhead.learner.objective;

import io.railhead.policy.TokenGradients;
import io.railhead.policy.TokenObjective;
import io.railhead.policy.TokenScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The loss of a train step, composed of its parts:
///
/// `loss = sum over counted tokens of c (w l + klCoefficient kl + driftCoefficient (target - proximal)^2 -
/// entropyCoefficient H)`
///
/// with `c` from the [Aggregation], `l` from the [Surrogate], `w` from the [Correction], `kl` from the
/// [KlEstimator], `H` the entropy. It is GRPO's objective ([DeepSeekMath](https://arxiv.org/abs/2402.03300)) for a
/// clipped ratio and nothing to correct. The drift penalty is prime-rl's, and that of
/// [Kimi k1.5](https://arxiv.org/abs/2501.12599).
///
/// A counted token with a log-probability or entropy that is not finite adds neither loss nor gradient; it stays in
/// the denominators and is reported. A token outside the loss mask has gradient 0 whatever its numbers are.
///
/// @param constantLength divisor of [Aggregation#SEQ_MEAN_TOKEN_SUM_NORM] in tokens; 0 = longest sequence of the
///     batch
/// @param proximal what the targets' proximal log-probabilities are; [Proximal#LOG_LINEAR] ones are made here
public record PolicyObjective(
        Surrogate surrogate,
        Correction correction,
        KlEstimator kl,
        double klCoefficient,
        double driftCoefficient,
        double entropyCoefficient,
        Aggregation aggregation,
        int constantLength,
        Proximal proximal) {
    public PolicyObjective {
        if (!(klCoefficient >= 0) || !(entropyCoefficient >= 0) || !(driftCoefficient >= 0)) {
            throw new IllegalArgumentException("coefficients are not negative: kl %s, entropy %s, drift %s"
                    .formatted(klCoefficient, entropyCoefficient, driftCoefficient));
        }
        if (constantLength < 0) {
            throw new IllegalArgumentException("a length is not negative: " + constantLength);
        }
    }

    /// With token weights, and no drift penalty; the targets say whether there is a proximal policy.
    public PolicyObjective(
            Surrogate surrogate,
            BehaviourWeight weight,
            KlEstimator kl,
            double klCoefficient,
            double entropyCoefficient,
            Aggregation aggregation,
            int constantLength) {
        this(
                surrogate,
                Correction.of(weight),
                kl,
                klCoefficient,
                0,
                entropyCoefficient,
                aggregation,
                constantLength,
                weight instanceof BehaviourWeight.None ? Proximal.BEHAVIOUR : Proximal.RECOMPUTED);
    }

    /// Whether targets need log-probabilities of the reference policy.
    public boolean needsReference() {
        return klCoefficient > 0;
    }

    /// Whether targets need log-probabilities of the policy before the train step.
    public boolean needsProximal() {
        return proximal == Proximal.RECOMPUTED;
    }

    /// Applies what takes a whole minibatch: leaves tokens out for their second moment.
    ///
    /// @param minibatch all that one optimiser step sees
    /// @return the same continuations in the same order
    public List<SequenceTarget> chosen(List<SequenceTarget> minibatch) {
        double bound = correction.rejection().secondMoment();
        if (bound == 0) {
            return minibatch;
        }
        boolean[][] leftOut = SecondMoment.leftOut(minibatch, bound);
        return IntStream.range(0, leftOut.length)
                .mapToObj(i -> minibatch.get(i).withLeftOut(leftOut[i]))
                .toList();
    }

    /// What every microbatch of a minibatch has to know of it.
    public BatchShape shape(List<SequenceTarget> minibatch) {
        return BatchShape.of(minibatch, correction);
    }

    /// The objective of one microbatch.
    ///
    /// @param targets one element a continuation, in the order in which scores will come
    /// @param batch counts over the whole minibatch that the microbatch is a part of
    /// @param into takes up the measurements of each evaluation
    public TokenObjective on(List<SequenceTarget> targets, BatchShape batch, ObjectiveMeasurements into) {
        return scores -> gradients(scores, targets, batch, into);
    }

    private TokenGradients gradients(
            List<TokenScores> scores, List<SequenceTarget> targets, BatchShape batch, ObjectiveMeasurements into) {
        if (scores.size() != targets.size()) {
            throw new IllegalStateException(scores.size() + " scores for " + targets.size() + " continuations");
        }
        double loss = 0;
        List<float[]> byLogProb = new ArrayList<>(scores.size());
        List<float[]> byEntropy = new ArrayList<>(scores.size());
        for (int i = 0; i < scores.size(); i++) {
            SequenceTarget target = targets.get(i);
            float[] logProbSlopes = new float[target.size()];
            float[] entropySlopes = new float[target.size()];
            loss += sequence(scores.get(i), target, batch, into, logProbSlopes, entropySlopes);
            byLogProb.add(logProbSlopes);
            byEntropy.add(entropySlopes);
        }
        return new TokenGradients(loss, byLogProb, byEntropy);
    }

    /// Fills the slopes of one continuation and returns its share of the loss.
    private double sequence(
            TokenScores scores,
            SequenceTarget target,
            BatchShape batch,
            ObjectiveMeasurements into,
            float[] logProbSlopes,
            float[] entropySlopes) {
        int counted = target.maskedIn();
        if (scores.logProbs().length != target.size()) {
            throw new IllegalStateException(
                    scores.logProbs().length + " scores for a continuation of " + target.size() + " tokens");
        }
        int[] places = finitePlaces(scores, target, into);
        if (places.length == 0) {
            return 0;
        }
        CountedTokens tokens = counted(scores, target, places);
        Term[] terms = surrogate.terms(tokens);
        if (terms.length != places.length) {
            throw new IllegalStateException(terms.length + " terms for " + places.length + " tokens");
        }
        Correction.Factors corrected = correction.of(tokens, leftOut(target, places), batch.meanWeight());
        double weight = aggregation.tokenWeight(counted, batch, constantLength);
        double policyLoss = 0;
        double klLoss = 0;
        double entropyLoss = 0;
        for (int i = 0; i < places.length; i++) {
            int t = places[i];
            double entropy = scores.entropies()[t];
            double factor = corrected.factors()[i];
            Term penalty = penalty(tokens, i, target, t, into);
            policyLoss += weight * factor * terms[i].value();
            klLoss += weight * penalty.value();
            entropyLoss -= weight * entropyCoefficient * entropy;
            logProbSlopes[t] = (float) (weight * (0.0 + factor * terms[i].slope() + penalty.slope()));
            entropySlopes[t] = (float) (0.0 - weight * entropyCoefficient); // never -0.0
            into.addToken(terms[i].cut(), Ratio.of(tokens.logRatio(i)), entropy);
            measureMismatch(
                    tokens, i, target.proximal() != null, factor, corrected.rules()[i], into);
        }
        into.addSequence(target, corrected.rules());
        into.addLoss(policyLoss, klLoss, entropyLoss);
        return policyLoss + klLoss + entropyLoss;
    }

    private static int[] finitePlaces(TokenScores scores, SequenceTarget target, ObjectiveMeasurements into) {
        int[] places = new int[target.size()];
        int found = 0;
        for (int t = 0; t < target.size(); t++) {
            if (!target.lossMask()[t]) {
                continue;
            }
            double logProb = scores.logProbs()[t];
            double entropy = scores.entropies()[t];
            if (Double.isFinite(logProb + entropy) && target.finiteAt(t)) {
                places[found++] = t;
            } else {
                into.addNotFinite();
            }
        }
        return Arrays.copyOf(places, found);
    }

    private CountedTokens counted(TokenScores scores, SequenceTarget target, int[] places) {
        double[] logProbs = new double[places.length];
        double[] proximals = new double[places.length];
        double[] behaviours = new double[places.length];
        int[] staleness = new int[places.length];
        for (int i = 0; i < places.length; i++) {
            int t = places[i];
            logProbs[i] = scores.logProbs()[t];
            behaviours[i] = target.behaviour()[t];
            staleness[i] = target.staleness()[t];
            proximals[i] = proximal == Proximal.LOG_LINEAR
                    ? Proximal.interpolated(behaviours[i], logProbs[i], staleness[i])
                    : target.proximalAt(t);
        }
        return new CountedTokens(target.advantage(), logProbs, proximals, behaviours, staleness);
    }

    private static boolean[] leftOut(SequenceTarget target, int[] places) {
        boolean[] leftOut = new boolean[places.length];
        for (int i = 0; i < places.length; i++) {
            leftOut[i] = target.leftOut()[places[i]];
        }
        return leftOut;
    }

    /// What holds the policy back: the KL to the reference and the drift from the proximal policy.
    private Term penalty(CountedTokens tokens, int i, SequenceTarget target, int t, ObjectiveMeasurements into) {
        double logRatio = tokens.logRatio(i);
        double drift = driftCoefficient * logRatio * logRatio;
        double driftSlope = 2 * driftCoefficient * logRatio;
        float[] reference = target.reference();
        if (reference == null) {
            return new Term(drift, driftSlope);
        }
        double logProb = tokens.target()[i];
        into.addReferenceKl(KlEstimator.K3.term(logProb, reference[t], logRatio).value());
        Term term = kl.term(logProb, reference[t], logRatio);
        return new Term(klCoefficient * term.value() + drift, klCoefficient * term.slope() + driftSlope);
    }

    /// Where nothing was recomputed before the step, this very pass is the recomputation.
    private void measureMismatch(
            CountedTokens tokens,
            int i,
            boolean recomputed,
            double factor,
            @Nullable Rule rule,
            ObjectiveMeasurements into) {
        double before = recomputed ? tokens.proximal()[i] : tokens.target()[i];
        double logRatio = before - tokens.behaviour()[i];
        double used = correction.weighs() || rule != null ? factor : Ratio.of(logRatio);
        into.addMismatch(logRatio, used);
    }
}
