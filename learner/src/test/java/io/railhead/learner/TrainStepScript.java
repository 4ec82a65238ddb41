package io.railhead.learner;

import com.typesafe.config.ConfigFactory;
import io.railhead.policy.PolicyVersion;
import java.util.List;
import java.util.Random;

/// The same train steps every time: the groups of a step depend on the policy and on the step's number alone.
final class TrainStepScript {
    static final LearnerSettings SETTINGS = LearnerSettings.from(
            ConfigFactory.parseString("railhead.learner { optimizer.learning-rate = 0.05, kl-coefficient = 0 }")
                    .withFallback(ConfigFactory.defaultReference()));

    private final TrainStep step = TrainStep.of(SETTINGS, 0, () -> 0);

    void train(TablePolicy policy, long from, long to) {
        for (long number = from; number < to; number++) {
            PolicyVersion version = new PolicyVersion(number);
            step.run(policy, version, groups(policy, version));
        }
    }

    static List<Group> groups(TablePolicy policy, PolicyVersion version) {
        Random random = new Random(version.number());
        return List.of(
                Trajectories.sampled(2 * version.number(), 4, policy, version, random, ids -> ids.get(0)),
                Trajectories.sampled(2 * version.number() + 1, 4, policy, version, random, ids -> ids.get(0)));
    }
}
