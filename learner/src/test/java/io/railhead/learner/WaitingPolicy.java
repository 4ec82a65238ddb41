package io.railhead.learner;

import io.railhead.policy.OptimizerStep;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.TokenIds;
import io.railhead.policy.TokenObjective;
import io.railhead.policy.TokenScores;
import io.railhead.policy.TrainablePolicy;
import io.railhead.policy.TrainingRow;
import io.railhead.policy.WeightsSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// A policy whose passes take until the test lets them.
final class WaitingPolicy implements TrainablePolicy {
    private final TablePolicy policy;
    private final CountDownLatch mayTrain;

    WaitingPolicy(TablePolicy policy, CountDownLatch mayTrain) {
        this.policy = policy;
        this.mayTrain = mayTrain;
    }

    @Override
    public double accumulate(List<TrainingRow> rows, TokenObjective objective) {
        try {
            mayTrain.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return policy.accumulate(rows, objective);
    }

    @Override
    public List<TokenScores> score(List<TrainingRow> rows, ParameterSet parameters) {
        return policy.score(rows, parameters);
    }

    @Override
    public double step(OptimizerStep step) {
        return policy.step(step);
    }

    @Override
    public void discard() {
        policy.discard();
    }

    @Override
    public Runnable keep() {
        return policy.keep();
    }

    @Override
    public TokenIds tokenize(Prompt prompt) {
        return policy.tokenize(prompt);
    }

    @Override
    public void freezeReference() {
        policy.freezeReference();
    }

    @Override
    public WeightsSnapshot snapshot(PolicyVersion version) {
        return policy.snapshot(version);
    }

    @Override
    public void save(Path directory) throws IOException {
        policy.save(directory);
    }

    @Override
    public void load(Path directory) throws IOException {
        policy.load(directory);
    }

    @Override
    public void close() {
        policy.close();
    }
}
