package io.railhead.app.run;

import static java.util.Objects.requireNonNull;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.protocol.Task;
import io.railhead.actors.stage.ClosedLoop;
import io.railhead.actors.stage.Curriculum;
import io.railhead.actors.stage.LeaseTerms;
import io.railhead.actors.stage.PromptLoadException;
import io.railhead.actors.stage.PromptSource;
import io.railhead.actors.stage.StageSettings;
import io.railhead.learner.Group;
import io.railhead.learner.GroupBuffer;
import io.railhead.learner.LearnerSettings;
import io.railhead.learner.TrainStep;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.TrainablePolicy;
import io.railhead.policy.WeightsSnapshot;
import io.railhead.reward.RewardFunction;
import io.railhead.reward.ScoringKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.IntStream;

/// The algorithm of Railhead without actors, top to bottom: what `train` does at `max-staleness = 0`, in one thread.
///
/// A train step takes `groups-per-step` groups. A *group* is one prompt with `group-size` sampled responses, each with
/// its reward; how much better a response is than the others of its group is its advantage. Prompts come from the
/// stages of the *curriculum*, easy kinds first. Groups whose rewards are all equal teach nothing: they are left out
/// and others are drawn in their place.
///
/// Nothing waits here, nothing fails and nothing is distributed; that is the whole difference. All rules are the ones
/// that the actors use, so the actor system must make the same weights, bit for bit.
public final class ReferenceLoop {
    private final StageSettings stage;
    private final PromptSource prompts;
    private final GenerationEngine engine;
    private final RewardFunction reward;
    private final TrainablePolicy policy;
    private final TrainStep trainStep;
    private final int lag;

    private Curriculum curriculum;
    private ClosedLoop loop;
    private PolicyVersion version = PolicyVersion.BASE;
    private long nextLease;
    private final Deque<WeightsSnapshot> notYetServed = new ArrayDeque<>();

    /// A prompt drawn for one group.
    private record Drawn(LeaseId lease, String stage, Task task) {}

    /// What a train step was made of and what was measured in it.
    public record Step(PolicyVersion version, List<LeaseId> trained, SortedMap<String, Double> metrics) {}

    /// @param engine serves the same weights as `policy`
    public ReferenceLoop(
            StageSettings stage,
            LearnerSettings learner,
            PromptSource prompts,
            GenerationEngine engine,
            RewardFunction reward,
            TrainablePolicy policy) {
        this(stage, learner, prompts, engine, reward, policy, 0);
    }

    /// @param lag how many train steps old the weights are that responses are sampled with, as far as there were so
    ///     many steps. 0 is the synchronous algorithm; above it this is what an asynchronous run does within its
    ///     bound, but with the same staleness for every token, and reproducibly
    public ReferenceLoop(
            StageSettings stage,
            LearnerSettings learner,
            PromptSource prompts,
            GenerationEngine engine,
            RewardFunction reward,
            TrainablePolicy policy,
            int lag) {
        this.stage = stage;
        this.prompts = prompts;
        this.engine = engine;
        this.reward = reward;
        this.policy = policy;
        this.trainStep = TrainStep.of(learner, lag, System::nanoTime);
        this.lag = lag;
        this.curriculum = Curriculum.of(stage.curriculum(), prompts.catalogue(), stage.seed());
        this.loop = ClosedLoop.start(stage);
        if (learner.objective().needsReference()) {
            policy.freezeReference(); // the anchor of the KL is the base model
        }
    }

    /// Trains from the base model to version `steps`.
    public List<Step> run() throws PromptLoadException {
        List<Step> steps = new ArrayList<>();
        while (version.number() < stage.steps()) {
            steps.add(step());
        }
        return steps;
    }

    /// One train step: to the next version.
    public Step step() throws PromptLoadException {
        List<Group> batch = collectBatch();
        TrainStep.Result result = trainStep.run(policy, version, batch, loop.rateFactor());
        version = result.version();
        loop = loop.after(version, result.metrics(), !result.trained().isEmpty())
                .next();
        notYetServed.add(policy.snapshot(version));
        if (notYetServed.size() > lag) {
            engine.swap(notYetServed.remove());
        }
        for (Group group : batch) {
            curriculum = curriculum.trained(stageOf(group));
        }
        advanceCurriculum();
        return new Step(version, batch.stream().map(Group::lease).toList(), result.metrics());
    }

    /// Draws groups until enough of them have something to teach. All groups of a wave are generated together.
    private List<Group> collectBatch() throws PromptLoadException {
        List<Group> batch = new ArrayList<>();
        while (batch.size() < stage.groupsPerStep()) {
            List<Drawn> wave = new ArrayList<>();
            while (wave.size() < stage.groupsPerStep() - batch.size()) {
                wave.add(draw());
            }
            List<Group> groups = groups(wave);
            for (Group group : groups) {
                curriculum = curriculum.observed(stageOf(group), promptOf(group), group.correctShare());
            }
            groups.stream()
                    .filter(group -> !(stage.filterZeroVariance() && group.zeroVariance()))
                    .forEach(batch::add);
        }
        return batch;
    }

    private Drawn draw() throws PromptLoadException {
        advanceCurriculum();
        LeaseId lease = new LeaseId(nextLease++);
        Curriculum.Draw draw = curriculum.draw(lease.ordinal());
        curriculum = draw.next();
        return new Drawn(lease, draw.stage(), prompts.load(draw.promptId()));
    }

    /// Samples and scores the responses of a wave; the groups come in the order in which they were drawn.
    private List<Group> groups(List<Drawn> wave) {
        Map<String, Drawn> byRequest = new LinkedHashMap<>();
        for (Drawn drawn : wave) {
            GenerationRequest request = new GenerationRequest(
                    drawn.lease().toString(),
                    drawn.task().prompt(),
                    IntStream.range(0, stage.groupSize()).boxed().toList(),
                    stage.sampling(),
                    LeaseTerms.seed(stage.seed(), drawn.lease()));
            byRequest.put(request.id(), drawn);
            engine.submit(request);
        }
        GroupBuffer buffer = GroupBuffer.empty(stage.groupSize(), wave.size());
        while (engine.pending() > 0) {
            for (FinishedSequence sequence : engine.step()) {
                Rollout rollout = rollout(requireNonNull(byRequest.get(sequence.requestId())), sequence);
                ScoringKey key = ScoringKey.of(rollout.task().answerKey());
                ScoredRollout scored = new ScoredRollout(rollout, key.score(reward, rollout.text()));
                buffer = buffer.offer(scored).next();
            }
        }
        return buffer.take(wave.stream().map(Drawn::lease).toList()).groups();
    }

    private void advanceCurriculum() {
        curriculum.advance().ifPresent(advanced -> curriculum = advanced.next());
    }

    private static Rollout rollout(Drawn drawn, FinishedSequence sequence) {
        return new Rollout(
                drawn.lease(),
                1,
                sequence.sampleIndex(),
                drawn.stage(),
                drawn.task(),
                sequence.promptTokens(),
                sequence.response(),
                sequence.text(),
                sequence.finishReason(),
                "reference");
    }

    private static String promptOf(Group group) {
        return group.samples().getFirst().rollout().task().prompt().id();
    }

    private static String stageOf(Group group) {
        return group.samples().getFirst().rollout().stage();
    }
}
