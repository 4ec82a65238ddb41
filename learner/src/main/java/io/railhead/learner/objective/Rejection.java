package io.railhead.learner.objective;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Rules that leave tokens or whole responses out of the loss for how far the policy has moved since they were
/// sampled. A token is left out if any rule says so. It stays in the denominators, so that a rule never makes the
/// others' gradients larger.
///
/// `w = exp(proximal - behaviour)` of a token.
///
/// @param token bounds of each token's `w`
/// @param sequence bounds of the product of a response's `w`, for the whole response
///     ([sequence rejection](https://richardli.xyz/rl-collapse))
/// @param geometric bounds of the geometric mean of a response's `w`, for the whole response; independent of the
///     length
/// @param secondMoment the mean of `(log w)^2` over the tokens of a minibatch is brought below this by leaving
///     out the largest ([M2PO](https://arxiv.org/abs/2510.01161)); 0 = not at all. See [SecondMoment]
/// @param negativeDrift a whole response with `A < 0` is left out if `mean(proximal - target)` is above this
/// (off-policy
///     sequence masking, OPSM, [DeepSeek-V3.2](https://arxiv.org/abs/2512.02556)); 0 = not at all
/// @param staleness tokens that are staler than this are left out; 0 leaves the fresh ones alone in the loss of a
///     response that went on through a change of weights
public record Rejection(
        Bounds token, Bounds sequence, Bounds geometric, double secondMoment, double negativeDrift, int staleness) {
    public static final Rejection NONE = new Rejection(Bounds.NONE, Bounds.NONE, Bounds.NONE, 0, 0, Integer.MAX_VALUE);

    public Rejection {
        if (!(secondMoment >= 0) || !(negativeDrift >= 0) || staleness < 0) {
            throw new IllegalArgumentException("bounds are not negative: second moment %s, drift %s, staleness %d"
                    .formatted(secondMoment, negativeDrift, staleness));
        }
    }

    /// Whether a rule looks at `w`, which needs a proximal policy beside the behaviour policy.
    public boolean needsProximal() {
        return !token.equals(Bounds.NONE)
                || !sequence.equals(Bounds.NONE)
                || !geometric.equals(Bounds.NONE)
                || secondMoment > 0;
    }

    /// The first rule that leaves a token out, or null, for each token. [#secondMoment] is no matter of one
    /// response, and is not among them.
    @Nullable
    Rule[] rules(CountedTokens tokens) {
        @Nullable Rule[] rules = new @Nullable Rule[tokens.size()];
        @Nullable Rule whole = wholeResponse(tokens);
        if (whole != null) {
            Arrays.fill(rules, whole);
            return rules;
        }
        for (int t = 0; t < rules.length; t++) {
            if (!token.contain(Ratio.of(tokens.logWeight(t)))) {
                rules[t] = Rule.TOKEN;
            } else if (tokens.staleness()[t] > staleness) {
                rules[t] = Rule.STALENESS;
            }
        }
        return rules;
    }

    private @Nullable Rule wholeResponse(CountedTokens tokens) {
        double product = WeightLevel.SEQUENCE.logWeights(tokens)[0];
        if (!sequence.contain(Ratio.of(product))) {
            return Rule.SEQUENCE;
        }
        if (!geometric.contain(Ratio.of(product / tokens.size()))) {
            return Rule.GEOMETRIC;
        }
        return negativeDrift > 0 && tokens.advantage() < 0 && -tokens.meanLogRatio() > negativeDrift
                ? Rule.NEGATIVE_DRIFT
                : null;
    }
}
