package io.railhead.learner;

import io.railhead.policy.OptimizerStep;
import io.railhead.policy.OutOfDeviceMemoryException;
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

/// A policy on a device that holds so many tokens of a pass with gradients, and no more.
final class CrampedPolicy implements TrainablePolicy {
    private final TablePolicy policy;
    private final int tokens;

    CrampedPolicy(TablePolicy policy, int tokens) {
        this.policy = policy;
        this.tokens = tokens;
    }

    @Override
    public double accumulate(List<TrainingRow> rows, TokenObjective objective) {
        int asked = rows.stream()
                .mapToInt(row -> row.prefix().size()
                        + row.continuations().stream().mapToInt(TokenIds::size).sum())
                .sum();
        if (asked > tokens) {
            throw new OutOfDeviceMemoryException("%d tokens of %d".formatted(asked, tokens));
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
