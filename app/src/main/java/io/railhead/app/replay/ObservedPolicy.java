package io.railhead.app.replay;

import io.railhead.app.replay.Observation.Pull;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.TokenGradients;
import io.railhead.policy.TokenIds;
import io.railhead.policy.TokenObjective;
import io.railhead.policy.TokenScores;
import io.railhead.policy.TrainablePolicy;
import io.railhead.policy.TrainingRow;
import io.railhead.policy.WeightsSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Looks over an objective's shoulder: hands everything on, and keeps what the loss asks of each token.
///
/// A train step goes through its continuations in the same order in each epoch. Does not close the policy, which is
/// not its own.
final class ObservedPolicy implements TrainablePolicy {
    private final TrainablePolicy policy;
    private final List<float[]> slopes = new ArrayList<>(); // [epoch * continuations][tokens], dLoss/dLogProb

    ObservedPolicy(TrainablePolicy policy) {
        this.policy = policy;
    }

    /// Of each continuation, in the order of groups and samples.
    ///
    /// @param samples of the whole step
    List<Pull> pulls(int samples) {
        List<Pull> pulls = new ArrayList<>();
        for (int sample = 0; sample < samples; sample++) {
            double strength = 0;
            boolean[] kept = new boolean[slopes.get(sample).length];
            for (int pass = sample; pass < slopes.size(); pass += samples) {
                float[] ofTokens = slopes.get(pass);
                for (int t = 0; t < ofTokens.length; t++) {
                    strength += Math.abs(ofTokens[t]);
                    kept[t] |= ofTokens[t] != 0;
                }
            }
            int count = 0;
            for (boolean one : kept) {
                count += one ? 1 : 0;
            }
            pulls.add(new Pull(count, strength));
        }
        return pulls;
    }

    @Override
    public double accumulate(List<TrainingRow> rows, TokenObjective objective) {
        return policy.accumulate(rows, scores -> {
            TokenGradients gradients = objective.gradients(scores);
            slopes.addAll(gradients.byLogProb());
            return gradients;
        });
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
    public void close() {}
}
