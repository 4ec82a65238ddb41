package io.railhead.app.crash;

import com.typesafe.config.ConfigFactory;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.protocol.Task;
import io.railhead.actors.stage.PromptRef;
import io.railhead.actors.stage.PromptSource;
import io.railhead.actors.stage.StageSettings;
import io.railhead.learner.LearnerSettings;
import io.railhead.policy.FinishReason;
import io.railhead.policy.Prompt;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.TokenIds;
import io.railhead.policy.WeightsSnapshot;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// What a [UnigramPolicy] is trained on: prompts that want one of two tokens, as often as possible.
final class UnigramTask implements PromptSource {
    static final int GROUP_SIZE = 2;
    static final String WORKER = "worker";

    static final LearnerSettings LEARNER = LearnerSettings.from(
            ConfigFactory.parseString("railhead.learner { kl-coefficient = 0, optimizer.learning-rate = 0.5 }")
                    .withFallback(ConfigFactory.defaultReferenceUnresolved())
                    .resolve());

    private static final int TOKENS = 3;
    private static final List<StageSettings> STAGES = // by staleness
            IntStream.rangeClosed(0, 1).mapToObj(UnigramTask::read).toList();
    private static final List<PromptRef> CATALOGUE = IntStream.range(0, 23)
            .mapToObj(i -> new PromptRef("prompt-" + i, "TorF1", "easy"))
            .toList();

    /// Six steps of two groups of two, a commit every second step.
    static StageSettings stage(int staleness) {
        return STAGES.get(staleness);
    }

    private static StageSettings read(int staleness) {
        return StageSettings.from(ConfigFactory.parseString("""
                        railhead.stage {
                          steps = 6, groups-per-step = 2, group-size = %d, checkpoint-every = 2, max-staleness = %d
                          curriculum.preset = flat
                        }
                        """.formatted(GROUP_SIZE, staleness))
                .withFallback(ConfigFactory.parseResources("railhead-stage.conf")));
    }

    @Override
    public List<PromptRef> catalogue() {
        return CATALOGUE;
    }

    @Override
    public Task load(String promptId) {
        return new Task(new Prompt(promptId, "?", List.of()), "TorF1", "easy", "yes");
    }

    /// What a worker with these weights makes of a lease's sample, scored.
    static ScoredRollout rollout(
            LeaseId lease, int attempt, String stage, Task task, long seed, int index, WeightsSnapshot weights) {
        SampledTokens response = UnigramPolicy.sample(weights, TOKENS, new Random(seed + index));
        int wanted = task.prompt().id().hashCode() % 2 == 0 ? 1 : 2;
        double reward = response.ids().stream().filter(token -> token == wanted).count();
        return new ScoredRollout(
                new Rollout(
                        lease, attempt, index, stage, task, TokenIds.of(0), response, "", FinishReason.STOP, WORKER),
                new Score(reward, reward > 1, 1, List.of()));
    }
}
