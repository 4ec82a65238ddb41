package io.railhead.learner.objective;

import io.railhead.policy.TokenGradients;
import io.railhead.policy.TokenObjective;
import io.railhead.policy.TokenScores;
import java.util.ArrayList;
import java.util.List;

/// The loss of a train step, composed of its parts:
///
/// `loss = sum over counted tokens of c (w l(r, A) + klCoefficient kl(target, reference) - entropyCoefficient H)`
///
/// with `c` from the [Aggregation], `l` from the [RatioClip], `w` from the [BehaviourWeight], `H` the entropy. It
/// is GRPO's objective ([DeepSeekMath](https://arxiv.org/abs/2402.03300)) for the default parts.
///
/// A counted token with a log-probability or entropy that is not finite adds neither loss nor gradient; it stays in
/// the denominators and is reported. A token outside the loss mask has gradient 0 whatever its numbers are.
///
/// @param constantLength divisor of [Aggregation#SEQ_MEAN_TOKEN_SUM_NORM] in tokens; 0 = longest sequence of the
///     batch
public record PolicyObjective(
        RatioClip clip,
        BehaviourWeight behaviourWeight,
        KlEstimator kl,
        double klCoefficient,
        double entropyCoefficient,
        Aggregation aggregation,
        int constantLength) {
    public PolicyObjective {
        if (!(klCoefficient >= 0) || !(entropyCoefficient >= 0)) {
            throw new IllegalArgumentException(
                    "coefficients are not negative: kl " + klCoefficient + ", entropy " + entropyCoefficient);
        }
        if (constantLength < 0) {
            throw new IllegalArgumentException("a length is not negative: " + constantLength);
        }
    }

    /// Whether targets need log-probabilities of the reference policy.
    public boolean needsReference() {
        return klCoefficient > 0;
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
        if (counted == 0) {
            return 0;
        }
        double weight = aggregation.tokenWeight(counted, batch, constantLength);
        double policyLoss = 0;
        double klLoss = 0;
        double entropyLoss = 0;
        for (int t = 0; t < target.size(); t++) {
            if (!target.lossMask()[t]) {
                continue;
            }
            double logProb = scores.logProbs()[t];
            double entropy = scores.entropies()[t];
            if (!Double.isFinite(logProb + entropy) || !target.finiteAt(t)) {
                into.addNotFinite();
                continue;
            }
            double logRatio = logProb - target.proximalAt(t);
            double correction = behaviourWeight.of(target.proximalAt(t) - target.behaviour()[t]);
            Term surrogate = clip.term(logRatio, target.advantage());
            Term penalty = penalty(logProb, target, t, into);
            policyLoss += weight * correction * surrogate.value();
            klLoss += weight * penalty.value();
            entropyLoss -= weight * entropyCoefficient * entropy;
            logProbSlopes[t] = (float) (weight * (0.0 + correction * surrogate.slope() + penalty.slope()));
            entropySlopes[t] = (float) (0.0 - weight * entropyCoefficient); // never -0.0
            into.addToken(clip.cut(logRatio, target.advantage()), RatioClip.ratio(logRatio), entropy);
            measureMismatch(logProb, target, t, into);
        }
        into.addLoss(policyLoss, klLoss, entropyLoss);
        return policyLoss + klLoss + entropyLoss;
    }

    private Term penalty(double logProb, SequenceTarget target, int t, ObjectiveMeasurements into) {
        float[] reference = target.reference();
        if (reference == null) {
            return new Term(0, 0);
        }
        into.addReferenceKl(KlEstimator.K3.term(logProb, reference[t]).value());
        Term term = kl.term(logProb, reference[t]);
        return new Term(klCoefficient * term.value(), klCoefficient * term.slope());
    }

    /// Where nothing was recomputed before the step, this very pass is the recomputation.
    private void measureMismatch(double logProb, SequenceTarget target, int t, ObjectiveMeasurements into) {
        double recomputed = target.proximal() == null ? logProb : target.proximalAt(t);
        double logRatio = recomputed - target.behaviour()[t];
        boolean corrected = !(behaviourWeight instanceof BehaviourWeight.None);
        into.addMismatch(logRatio, corrected ? behaviourWeight.of(logRatio) : RatioClip.ratio(logRatio));
    }
}
