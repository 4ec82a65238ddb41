package io.railhead.learner.objective;

import java.util.List;

/// `ESS = (sum w)^2 / sum w^2`: how many equally weighted samples are as good as these.
public final class EffectiveSamples {
    private EffectiveSamples() {}

    /// The share of the responses of a minibatch that is effective, with `w` the product of a response's weights: 1
    /// where the proximal policy sampled them, 1/n where one of n outweighs all others. 1 for none.
    ///
    /// [VCPO](https://arxiv.org/abs/2602.17616) multiplies the learning rate by its square root.
    public static double ofSequences(List<SequenceTarget> minibatch) {
        return of(minibatch.stream()
                .map(SequenceTarget::beforeTheStep)
                .filter(tokens -> tokens.size() > 0)
                .mapToDouble(tokens -> Ratio.of(WeightLevel.SEQUENCE.logWeights(tokens)[0]))
                .toArray());
    }

    static double of(double... weights) {
        double sum = 0;
        double squares = 0;
        for (double weight : weights) {
            sum += weight;
            squares += weight * weight;
        }
        return squares == 0 ? 1 : sum * sum / (weights.length * squares);
    }
}
