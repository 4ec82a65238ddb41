package io.railhead.app.replay;

import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.weights.WeightsStore;
import io.railhead.app.run.FileTree;
import io.railhead.app.run.PolicySource;
import io.railhead.learner.LearnerMetrics;
import io.railhead.learner.LearnerSettings;
import io.railhead.learner.TrainStep;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.PromptRejectedException;
import io.railhead.policy.TrainablePolicy;
import io.railhead.policy.djl.NativeThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A run's policy, made again by the learner's own train step. The thread that opens it alone may use it.
///
/// Where a life of the run went on with another model folder or other options, this goes on as that life did: from
/// what a commit holds.
final class Replica implements AutoCloseable {
    private final RecordedRun run;
    private final boolean reference;
    private final int threadsBefore;
    private Incarnation life;
    private Recipe recipe;
    private TrainablePolicy policy;

    private Replica(RecordedRun run) throws IOException {
        this.run = run;
        this.threadsBefore = NativeThreads.count();
        this.reference = run.needsReference();
        this.life = run.survey().chain().getFirst();
        this.recipe = run.recipe(life);
        useThreads(recipe);
        this.policy = base(recipe, reference);
    }

    /// With the weights that the run began with.
    static Replica open(RecordedRun run) throws IOException {
        return new Replica(run);
    }

    /// Goes on as a life did, with its settings and options.
    ///
    /// @return whether that life is another one than until now: its learner began by loading what the policy is now
    boolean begins(Incarnation with) throws IOException {
        boolean other = !with.equals(life);
        follow(with);
        return other;
    }

    /// Takes over what a checkpoint holds, to go on with a life's steps.
    void goOn(Path checkpoint, Incarnation with) throws IOException {
        follow(with);
        policy.load(checkpoint);
    }

    /// @throws IncompleteLogException if the recorded samples are none that a learner could have trained
    TrainStep.Result apply(Recorded.Step recorded) throws IOException, IncompleteLogException {
        follow(recorded.life());
        return apply(recorded, policy);
    }

    /// As `apply`, and says what each sample did to the weights.
    Observation observe(Recorded.Step recorded) throws IOException, IncompleteLogException {
        follow(recorded.life());
        ObservedPolicy observed = new ObservedPolicy(policy);
        TrainStep.Result result = apply(recorded, observed);
        return new Observation(
                result, observed.pulls(recorded.samples()), recipe.learner().credit());
    }

    private TrainStep.Result apply(Recorded.Step recorded, TrainablePolicy trained) throws IncompleteLogException {
        try {
            return TrainStep.of(learnerOf(recorded), recipe.limits().maxStaleness(), System::nanoTime)
                    .run(trained, recorded.from(), recorded.groups(), rateFactorOf(recorded));
        } catch (IllegalStateException | PromptRejectedException e) {
            throw new IncompleteLogException(
                    "the step to %s cannot be replayed: %s".formatted(recorded.version(), e.getMessage()), e);
        }
    }

    /// With the microbatches that the step was really made with: they decide the order of sums.
    private LearnerSettings learnerOf(Recorded.Step recorded) {
        Double tokens = recorded.metrics().get(LearnerMetrics.MICROBATCH_TOKENS);
        return tokens == null ? recipe.learner() : recipe.learner().withMicrobatchTokens(tokens.intValue());
    }

    /// With what the closed loop said then, whatever it would say now.
    private static double rateFactorOf(Recorded.Step recorded) {
        return recorded.metrics().getOrDefault(LearnerMetrics.LEARNING_RATE_FACTOR, 1.0);
    }

    /// Writes what a checkpoint would hold of the policy.
    void save(Path directory) throws IOException {
        policy.save(directory);
    }

    /// What names the weights, as in a manifest of theirs.
    String root(PolicyVersion version) {
        return new WeightsStore(1).put(policy.snapshot(version)).root();
    }

    @Override
    public void close() {
        policy.close();
        NativeThreads.use(threadsBefore);
    }

    private void follow(Incarnation next) throws IOException {
        if (next.equals(life)) {
            return;
        }
        Recipe other = run.recipe(next);
        useThreads(other);
        if (!other.samePolicy(recipe)) {
            Path state = Files.createTempDirectory("railhead-replay-");
            try {
                policy.save(state);
                TrainablePolicy reopened = base(other, reference);
                policy.close();
                policy = reopened;
                policy.load(state);
            } finally {
                FileTree.delete(state);
            }
        }
        life = next;
        recipe = other;
    }

    private static void useThreads(Recipe recipe) {
        recipe.started().map(RunFact.LearnerStarted::nativeThreads).ifPresent(NativeThreads::use);
    }

    private static TrainablePolicy base(Recipe recipe, boolean reference) throws IOException {
        TrainablePolicy opened = PolicySource.of(recipe.model()).trainable(recipe.options());
        if (reference) {
            opened.freezeReference(); // while it is the base model
        }
        return opened;
    }
}
