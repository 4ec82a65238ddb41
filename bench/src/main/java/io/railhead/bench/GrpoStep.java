package io.railhead.bench;

import io.railhead.learner.objective.Aggregation;
import io.railhead.learner.objective.BatchShape;
import io.railhead.learner.objective.BehaviourWeight;
import io.railhead.learner.objective.KlEstimator;
import io.railhead.learner.objective.ObjectiveMeasurements;
import io.railhead.learner.objective.PolicyObjective;
import io.railhead.learner.objective.SequenceTarget;
import io.railhead.learner.objective.surrogate.RatioClip;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.TokenGradients;
import io.railhead.policy.TokenScores;
import io.railhead.policy.TrainablePolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One train step of GRPO on the policy that sampled: forward pass, loss, backward pass, clipping, AdamW.
final class GrpoStep implements Work {
    private static final PolicyObjective OBJECTIVE = new PolicyObjective(
            RatioClip.of(0.2, 0.2), new BehaviourWeight.None(), KlEstimator.K3, 0, 0, Aggregation.TOKEN_MEAN, 0);
    private static final OptimizerStep OPTIMIZER = new OptimizerStep(1e-5, 0.9, 0.95, 1e-8, 0.1, 1);

    private final TrainablePolicy policy;
    private final TrainWorkload workload;
    private double gradientNorm;

    GrpoStep(TrainablePolicy policy, TrainWorkload workload) {
        this.policy = policy;
        this.workload = workload;
    }

    /// Of the last step, before clipping: the same in every implementation.
    double gradientNorm() {
        return gradientNorm;
    }

    @Override
    public long run() {
        policy.accumulate(workload.rows(), this::gradients);
        gradientNorm = policy.step(OPTIMIZER);
        if (!Double.isFinite(gradientNorm)) {
            throw new IllegalStateException("the gradient's norm is " + gradientNorm);
        }
        return 1;
    }

    private TokenGradients gradients(List<TokenScores> scores) {
        List<SequenceTarget> targets = new ArrayList<>();
        for (int i = 0; i < scores.size(); i++) {
            float[] behaviour = scores.get(i).logProbs();
            boolean[] counted = new boolean[behaviour.length];
            Arrays.fill(counted, true);
            targets.add(new SequenceTarget(workload.advantages().get(i), null, behaviour, null, counted));
        }
        return OBJECTIVE
                .on(targets, BatchShape.of(targets), new ObjectiveMeasurements())
                .gradients(scores);
    }
}
