package io.railhead.app.replay;

import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.weights.WeightsStore;
import io.railhead.app.run.FileTree;
import io.railhead.app.run.PolicySource;
import io.railhead.learner.TrainStep;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.PromptRejectedException;
import io.railhead.policy.TrainablePolicy;
import io.railhead.policy.djl.NativeThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A run's policy, made again. The thread that opens it alone may use it.
///
/// Where a life of the run went on with another model folder or other options, this goes on as that life did: from
/// what a commit holds.
final class Replica implements AutoCloseable {
    private final boolean reference;
    private Recipe recipe;
    private TrainablePolicy policy;
    private TrainStep step;

    private Replica(Recipe recipe, boolean reference) throws IOException {
        this.reference = reference;
        this.recipe = recipe;
        useThreads(recipe);
        this.policy = base(recipe, reference);
        this.step = stepOf(recipe);
    }

    /// @param reference whether any step needs the base policy as anchor
    static Replica open(Recipe recipe, boolean reference) throws IOException {
        return new Replica(recipe, reference);
    }

    /// From here on by another recipe.
    void follow(Recipe next) throws IOException {
        useThreads(next);
        if (!next.samePolicy(recipe)) {
            Path state = Files.createTempDirectory("railhead-replay-");
            try {
                policy.save(state);
                TrainablePolicy reopened = base(next, reference);
                policy.close();
                policy = reopened;
                policy.load(state);
            } finally {
                FileTree.delete(state);
            }
        }
        recipe = next;
        step = stepOf(next);
    }

    /// Takes over what a checkpoint holds.
    void load(Path checkpoint) throws IOException {
        policy.load(checkpoint);
    }

    /// @throws IncompleteLogException if the recorded samples are none that a learner could have trained
    TrainStep.Result apply(Recorded.Step recorded) throws IncompleteLogException {
        try {
            return step.run(policy, recorded.from(), recorded.groups());
        } catch (IllegalStateException | PromptRejectedException e) {
            throw new IncompleteLogException(
                    "the step to %s cannot be replayed: %s".formatted(recorded.version(), e.getMessage()), e);
        }
    }

    /// Writes what a checkpoint would hold of the policy.
    void save(Path directory) throws IOException {
        policy.save(directory);
    }

    /// What names the weights, as in a manifest of theirs.
    String root(PolicyVersion version) {
        return new WeightsStore(1).put(policy.snapshot(version)).root();
    }

    TrainablePolicy policy() {
        return policy;
    }

    @Override
    public void close() {
        policy.close();
    }

    private static void useThreads(Recipe recipe) {
        recipe.started().map(RunFact.LearnerStarted::nativeThreads).ifPresent(NativeThreads::use);
    }

    private static TrainStep stepOf(Recipe recipe) {
        return TrainStep.of(recipe.learner(), recipe.limits().maxStaleness(), System::nanoTime);
    }

    private static TrainablePolicy base(Recipe recipe, boolean reference) throws IOException {
        TrainablePolicy opened = PolicySource.of(recipe.model()).trainable(recipe.options());
        if (reference) {
            opened.freezeReference(); // while it is the base model
        }
        return opened;
    }
}
