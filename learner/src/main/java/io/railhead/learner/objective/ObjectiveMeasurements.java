package io.railhead.learner.objective;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Sums over the counted tokens of any number of microbatches, and the means that are reported of them.
///
/// One thread fills and reads it. Formulas are beside the metric names in `LearnerMetrics`.
public final class ObjectiveMeasurements {
    private double policyLoss;
    private double klLoss;
    private double entropyLoss;
    private long tokens;
    private long notFinite;
    private long cutHigh;
    private long cutLow;
    private long cutDual;
    private double ratios;
    private double entropies;
    private double mismatch;
    private double weights;
    private double squaredWeights;
    private long referenceTokens;
    private double referenceKl;
    private final Map<Rule, Long> leftOut = new EnumMap<>(Rule.class);
    private final Map<Stratum, Long> tokensOf = new EnumMap<>(Stratum.class);
    private final Map<Stratum, Long> leftOutOf = new EnumMap<>(Stratum.class);

    void addNotFinite() {
        notFinite++;
    }

    void addLoss(double policy, double kl, double entropy) {
        policyLoss += policy;
        klLoss += kl;
        entropyLoss += entropy;
    }

    void addToken(Cut cut, double ratio, double entropy) {
        tokens++;
        ratios += ratio;
        entropies += entropy;
        switch (cut) {
            case NONE -> {}
            case HIGH -> cutHigh++;
            case LOW -> cutLow++;
            case DUAL -> cutDual++;
        }
    }

    /// @param logRatio recomputed - behaviour log-probability
    /// @param weight the importance weight that was used of it
    void addMismatch(double logRatio, double weight) {
        mismatch += KlEstimator.K3.term(0, logRatio, 0).value();
        weights += weight;
        squaredWeights += weight * weight;
    }

    /// @param rules why each of its tokens was left out, or null where it was not
    void addSequence(SequenceTarget target, @Nullable Rule[] rules) {
        long dropped = 0;
        for (@Nullable Rule rule : rules) {
            if (rule != null) {
                leftOut.merge(rule, 1L, Long::sum);
                dropped++;
            }
        }
        for (Stratum stratum : target.strata()) {
            tokensOf.merge(stratum, (long) rules.length, Long::sum);
            leftOutOf.merge(stratum, dropped, Long::sum);
        }
    }

    void addReferenceKl(double k3) {
        referenceTokens++;
        referenceKl += k3;
    }

    public double policyLoss() {
        return policyLoss;
    }

    public double klLoss() {
        return klLoss;
    }

    public double entropyLoss() {
        return entropyLoss;
    }

    public long tokens() {
        return tokens;
    }

    /// Counted tokens that were left out because a log-probability or entropy was not finite.
    public long notFinite() {
        return notFinite;
    }

    public double meanRatio() {
        return mean(ratios, tokens);
    }

    public double meanEntropy() {
        return mean(entropies, tokens);
    }

    public double clipFractionHigh() {
        return mean((double) cutHigh, tokens);
    }

    public double clipFractionLow() {
        return mean((double) cutLow, tokens);
    }

    public double clipFractionDual() {
        return mean((double) cutDual, tokens);
    }

    /// `mean(w - log w - 1)`: 0 where generation and training agree.
    public double mismatchKl() {
        return mean(mismatch, tokens);
    }

    /// `(sum w)^2 / (n sum w^2)`: 1 on-policy, 1/n where one token outweighs all others.
    public double effectiveSampleFraction() {
        return squaredWeights == 0 ? 0 : weights * weights / (tokens * squaredWeights);
    }

    /// Share of tokens that the rule left out.
    public double leftOutFraction(Rule rule) {
        return mean(leftOut.getOrDefault(rule, 0L), tokens);
    }

    /// Share of a stratum's tokens that a rule left out; 0 where the stratum has none.
    public double leftOutFraction(Stratum stratum) {
        return mean(leftOutOf.getOrDefault(stratum, 0L), tokensOf.getOrDefault(stratum, 0L));
    }

    public boolean hasReference() {
        return referenceTokens > 0;
    }

    public double referenceKl() {
        return mean(referenceKl, referenceTokens);
    }

    private static double mean(double sum, long count) {
        return count == 0 ? 0 : sum / count;
    }
}
