package io.railhead.learner;

/// Every measurement of a train step, with its formula and unit. Means over tokens are over the tokens of
/// responses, over all passes of the step. All values are finite; a measurement that was not made is absent.
public final class LearnerMetrics {
    /// The whole loss: policy + kl + entropy. Like all losses, the mean over the step's optimiser steps.
    public static final String LOSS = "loss/total";

    /// The clipped surrogate, with behaviour weights.
    public static final String LOSS_POLICY = "loss/policy";

    /// Coefficient times the estimator of the KL to the reference policy.
    public static final String LOSS_KL = "loss/kl";

    /// Minus coefficient times the entropy.
    public static final String LOSS_ENTROPY = "loss/entropy";

    /// Mean reward of the trajectories.
    public static final String REWARD_MEAN = "reward/mean";

    /// Standard deviation of the rewards over all trajectories (divisor n).
    public static final String REWARD_STD = "reward/std";

    /// Share of trajectories whose response was correct.
    public static final String REWARD_CORRECT_SHARE = "reward/correct-share";

    /// Share of groups whose rewards are all equal.
    public static final String REWARD_ZERO_VARIANCE_SHARE = "reward/zero-variance-share";

    /// Followed by the name of a component of the score: its mean before weighting, over the trajectories that have
    /// it.
    public static final String REWARD_COMPONENT_PREFIX = "reward/component-";

    /// Mean of the absolute advantage over trajectories.
    public static final String ADVANTAGE_MAGNITUDE = "advantage/mean-magnitude";

    /// Mean length of a response, tokens.
    public static final String RESPONSE_MEAN_TOKENS = "response/mean-tokens";

    /// Length of the longest response, tokens.
    public static final String RESPONSE_MAX_TOKENS = "response/max-tokens";

    /// Share of responses that ran into the length limit.
    public static final String RESPONSE_TRUNCATED_SHARE = "response/truncated-share";

    /// Mean over tokens of the version trained from minus the version that sampled the token.
    public static final String STALENESS_MEAN = "staleness/mean";

    /// The largest of them.
    public static final String STALENESS_MAX = "staleness/max";

    /// Followed by a staleness, for each that a token of the batch has: the share of tokens that have it.
    public static final String STALENESS_SHARE_PREFIX = "staleness/share-";

    /// Norm of the gradient before clipping, mean over the optimiser steps that were applied.
    public static final String GRADIENT_NORM = "optim/gradient-norm";

    /// Learning rate by the schedule, times the square root of the effective share of responses where that is asked
    /// for; mean over the optimiser steps of a pass.
    public static final String LEARNING_RATE = "optim/learning-rate";

    /// What the stage controller's closed loop multiplied that rate by. Absent where it is 1.
    public static final String LEARNING_RATE_FACTOR = "optim/learning-rate-factor";

    /// Optimiser steps that were not taken, for numerical trouble. If none of a train step's was, the new version has
    /// the weights of the old one.
    public static final String SKIPPED_STEPS = "optim/skipped-steps";

    /// Mean entropy of the distributions that the tokens were drawn from, nats.
    public static final String ENTROPY = "policy/entropy";

    /// Mean of `r = exp(target - proximal)`.
    public static final String IMPORTANCE_RATIO_MEAN = "policy/importance-ratio-mean";

    /// Share of tokens that the bound on rising probabilities was at work on. For a clipped ratio its gradient is
    /// cut off: `A > 0` and `r > 1 + high`. `docs/algorithms.md` says what the bound is for other objectives.
    public static final String CLIP_FRACTION_HIGH = "policy/clip-fraction-high";

    /// Share of tokens that the bound on falling probabilities was at work on. For a clipped ratio: `A < 0` and
    /// `r < 1 - low`.
    public static final String CLIP_FRACTION_LOW = "policy/clip-fraction-low";

    /// Share of tokens whose gradient the dual clip cut off: `A < 0` and `r > dual`.
    public static final String CLIP_FRACTION_DUAL = "policy/clip-fraction-dual";

    /// Followed by the name of a rule (`behaviour-weight`, `token`, `sequence`, `geometric`, `second-moment`,
    /// `negative-drift`, `staleness`): share of tokens that it left out of the loss. Followed by the name of a
    /// part of the batch (`short`, `long`: responses up to the batch's median length and above; `easy`, `hard`:
    /// groups with at least half of their responses correct, and the others): share of its tokens that some rule
    /// left out. Absent
    /// where nothing can be left out.
    public static final String LEFT_OUT_PREFIX = "policy/left-out-fraction-";

    /// `(sum w)^2 / (n sum w^2)` over the responses of a minibatch, `w` the product of a response's weights of the
    /// recomputed policy against the behaviour policy. Absent where it is not recomputed.
    public static final String EFFECTIVE_RESPONSES = "policy/effective-response-fraction";

    /// `(sum w)^2 / (n sum w^2)` over tokens, `w` the weight of the recomputed policy against the behaviour policy,
    /// bounded as the behaviour weight is, 0 for tokens that are left out: 1 on-policy.
    public static final String EFFECTIVE_SAMPLES = "policy/effective-sample-fraction";

    /// Tokens that were left out because a log-probability or entropy was not finite.
    public static final String NOT_FINITE_TOKENS = "policy/not-finite-tokens";

    /// `mean(w - log w - 1)`, `w = exp(recomputed - behaviour)`, at most 10 a token: what staleness and the
    /// difference between generation and training come to, nats. Recomputed means the proximal policy where it is
    /// recomputed, else the target policy of the pass.
    public static final String KL_MISMATCH = "kl/mismatch";

    /// The k3 estimator of the KL to the reference policy, mean over tokens, nats. Absent without a KL in the loss.
    public static final String KL_REFERENCE = "kl/reference";

    /// Groups of the batch.
    public static final String BATCH_GROUPS = "batch/groups";

    /// Tokens of all responses of the batch.
    public static final String BATCH_TOKENS = "batch/response-tokens";

    /// Passes with gradient.
    public static final String BATCH_MICROBATCHES = "batch/microbatches";

    /// Most tokens of a microbatch, where that is less than the settings say because the device had not enough memory.
    public static final String MICROBATCH_TOKENS = "batch/microbatch-tokens";

    /// Time of the train step, with scoring and without publishing, seconds.
    public static final String TIME_TRAIN_SECONDS = "time/train-seconds";

    /// Followed by a kind of numerical trouble (`docs/alerts.md`): how often it was found in the train step. Absent
    /// where it was not.
    public static final String TROUBLE_PREFIX = "trouble/";

    /// How many standard deviations the batch's mean reward is from the mean of the train steps before, as many as
    /// `railhead.learner.trouble.drift-steps`. Absent before there are so many in this life of the run.
    public static final String REWARD_DRIFT = "drift/reward-deviations";

    private LearnerMetrics() {}
}
