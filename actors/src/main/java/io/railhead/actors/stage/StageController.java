package io.railhead.actors.stage;

import io.railhead.actors.cluster.Membership;
import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.Lease;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RecorderCommand;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.protocol.Trouble;
import io.railhead.actors.wire.FrameLimit;
import io.railhead.policy.PolicyVersion;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.pcollections.PVector;
import org.pcollections.TreePMap;
import org.pcollections.TreePVector;

/// Owns the ledger and the curriculum of a run, and decides who generates what and what is trained when. One a run.
///
/// Conversation: a rollout worker says what it serves and what it could take (`RequestLeases`, repeated); it is told
/// leases when they are admissible. The learner says what has come (`SampleArrived`, `GroupReady`); it is told which
/// groups make the next step (`TrainBatch`), which to forget (`DropGroups`), and when to make the run durable
/// (`CommitCheckpoint`). Every fact goes to the recorder. The end of the run (`RunEnded`) goes to the listener and to
/// whoever asked to stop.
///
/// Phases, all decided by [StageState]:
///
/// - running, without a learner -> with one on `LearnerReady`; nothing is granted before
/// - running, learner idle -> training -> idle; idle -> committing -> idle
/// - running -> stopping on `Stop`: the step in hand is finished and committed, nothing new is granted
/// - running or stopping -> ended: the last commit is durable, or the run has failed; only questions are answered
///
/// Delivery: any message to or from here may be lost or doubled. A lease that comes to nothing by its deadline,
/// or whose worker terminates, is granted again for its missing samples; a learner that restarts has every open
/// lease granted again. Its own crash ends the process's run: start again from the last commit with
/// [StageState#restore]. So it is spawned without supervision.
///
/// Default dispatcher. Loading a task reads at most one small file.
///
/// Does not know: rollouts, rewards, weights, files, how it is found.
public final class StageController extends AbstractMatchingBehavior<StageCommand> {
    private sealed interface Event extends StageCommand.Internal {}

    private enum Tick implements Event {
        NOW
    }

    private record WorkerTerminated(String workerId, ActorRef<RolloutCommand> worker) implements Event {}

    private record LearnerTerminated(ActorRef<LearnerCommand> learner) implements Event {}

    /// The rules' state, and the addresses behind its names.
    private record State(
            StageState rules,
            TreePMap<String, ActorRef<RolloutCommand>> workers,
            Optional<ActorRef<LearnerCommand>> learner,
            PVector<ActorRef<StageCommand.RunEnded>> stoppers) {
        State with(StageState next) {
            return new State(next, workers, learner, stoppers);
        }
    }

    private final PromptSource prompts;
    private final ActorRef<RecorderCommand> recorder;
    private final ActorRef<StageCommand.RunEnded> listener;
    private final FrameLimit frames;
    private final Membership membership;
    private final Clock clock;

    private State state;

    /// @param initial [StageState#start] or [StageState#restore]
    /// @param listener hears `RunEnded` once
    /// @param frames what fits between nodes: a prompt whose pictures do not counts as one that cannot be loaded
    /// @param membership whose requests are heard: a worker elsewhere waits until its node is a member
    public static Behavior<StageCommand> create(
            StageState initial,
            PromptSource prompts,
            ActorRef<RecorderCommand> recorder,
            ActorRef<StageCommand.RunEnded> listener,
            FrameLimit frames,
            Membership membership,
            Clock clock) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers ->
                new StageController(context, timers, initial, prompts, recorder, listener, frames, membership, clock)));
    }

    private StageController(
            ActorContext<StageCommand> context,
            TimerScheduler<StageCommand> timers,
            StageState initial,
            PromptSource prompts,
            ActorRef<RecorderCommand> recorder,
            ActorRef<StageCommand.RunEnded> listener,
            FrameLimit frames,
            Membership membership,
            Clock clock) {
        super(context);
        this.prompts = prompts;
        this.recorder = recorder;
        this.listener = listener;
        this.frames = frames;
        this.membership = membership;
        this.clock = clock;
        this.state = new State(initial, TreePMap.empty(), Optional.empty(), TreePVector.empty());
        initial.curriculum().skipped().forEach(why -> getContext().getLog().info("{}", why));
        timers.startTimerWithFixedDelay(Tick.NOW, initial.settings().tick());
    }

    @Override
    public Behavior<StageCommand> onMessage(StageCommand command) {
        return switch (command) {
            case StageCommand.RequestLeases request -> onRequestLeases(request);
            case StageCommand.WorkerLeft(String workerId) -> onWorkerGone(workerId);
            case StageCommand.SampleFailed failed -> onSampleFailed(failed);
            case StageCommand.LearnerReady ready -> onLearnerReady(ready);
            case StageCommand.SampleArrived arrived -> onSampleArrived(arrived);
            case StageCommand.GroupReady ready -> onGroupReady(ready);
            case StageCommand.StepCommitted committed -> onStepCommitted(committed);
            case StageCommand.StepRefused(PolicyVersion from, String cause, List<Trouble> troubles) ->
                settle(state.rules().onStepRefused(from, cause, troubles, now()));
            case StageCommand.CheckpointStaged(PolicyVersion version, String path) ->
                settle(state.rules().onCheckpointStaged(version, path, now()));
            case StageCommand.CheckpointCommitted committed -> onCheckpointCommitted(committed);
            case StageCommand.CheckpointFailed failed -> onCheckpointFailed(failed);
            case StageCommand.Stop stop -> onStop(stop);
            case StageCommand.GetStatus question -> onGetStatus(question);
            case StageCommand.Internal internal -> onEvent((Event) internal);
        };
    }

    private Behavior<StageCommand> onEvent(Event event) {
        return switch (event) {
            case Tick.NOW -> settle(state.rules().onTick(now()));
            case WorkerTerminated terminated -> onWorkerTerminated(terminated);
            case LearnerTerminated terminated -> onLearnerTerminated(terminated);
        };
    }

    private Behavior<StageCommand> onRequestLeases(StageCommand.RequestLeases request) {
        String id = request.workerId();
        ActorRef<RolloutCommand> known = state.workers().get(id);
        if (!request.worker().equals(known)) {
            if (!membership.includes(request.worker())) {
                getContext().getLog().debug("worker={} asks again when its node is a member", id);
                return this;
            }
            if (known != null) {
                onWorkerGone(id); // a new life under the same name
            }
            getContext().watchWith(request.worker(), new WorkerTerminated(id, request.worker()));
            state = new State(
                    state.rules(), state.workers().plus(id, request.worker()), state.learner(), state.stoppers());
        }
        return settle(state.rules().onRequestLeases(id, request.serving(), request.freeSamples(), now()));
    }

    private Behavior<StageCommand> onWorkerTerminated(WorkerTerminated terminated) {
        if (!terminated.worker().equals(state.workers().get(terminated.workerId()))) {
            return this;
        }
        getContext().getLog().warn("worker={} terminated; its leases are granted again", terminated.workerId());
        return onWorkerGone(terminated.workerId());
    }

    private Behavior<StageCommand> onWorkerGone(String workerId) {
        ActorRef<RolloutCommand> worker = state.workers().get(workerId);
        if (worker != null) {
            getContext().unwatch(worker);
        }
        state = new State(state.rules(), state.workers().minus(workerId), state.learner(), state.stoppers());
        return settle(state.rules().onWorkerLost(workerId, now()));
    }

    private Behavior<StageCommand> onSampleFailed(StageCommand.SampleFailed failed) {
        getContext().getLog().debug("{} sample={} failed: {}", failed.lease(), failed.sampleIndex(), failed.cause());
        return settle(state.rules()
                .onSampleFailed(failed.lease(), failed.attempt(), failed.sampleIndex(), failed.cause(), now()));
    }

    private Behavior<StageCommand> onLearnerReady(StageCommand.LearnerReady ready) {
        state.learner().ifPresent(getContext()::unwatch);
        getContext().watchWith(ready.learner(), new LearnerTerminated(ready.learner()));
        state = new State(state.rules(), state.workers(), Optional.of(ready.learner()), state.stoppers());
        return settle(state.rules().onLearnerReady(ready.version(), now()));
    }

    private Behavior<StageCommand> onLearnerTerminated(LearnerTerminated terminated) {
        if (!state.learner().equals(Optional.of(terminated.learner()))) {
            return this;
        }
        getContext().getLog().warn("the learner terminated; waiting for it to come back");
        state = new State(state.rules(), state.workers(), Optional.empty(), state.stoppers());
        return settle(state.rules().onLearnerLost(now()));
    }

    private Behavior<StageCommand> onSampleArrived(StageCommand.SampleArrived arrived) {
        return settle(state.rules().onSampleArrived(arrived.lease(), arrived.sampleIndex(), arrived.oldest(), now()));
    }

    private Behavior<StageCommand> onGroupReady(StageCommand.GroupReady ready) {
        return settle(state.rules()
                .onGroupReady(ready.lease(), ready.oldest(), ready.zeroVariance(), ready.correctShare(), now()));
    }

    private Behavior<StageCommand> onStepCommitted(StageCommand.StepCommitted committed) {
        return settle(state.rules()
                .onStepCommitted(
                        committed.version(), committed.trained(), committed.metrics(), committed.troubles(), now()));
    }

    private Behavior<StageCommand> onCheckpointCommitted(StageCommand.CheckpointCommitted committed) {
        return settle(state.rules().onCheckpointCommitted(committed.version(), committed.path(), now()));
    }

    private Behavior<StageCommand> onCheckpointFailed(StageCommand.CheckpointFailed failed) {
        return settle(state.rules().onCheckpointFailed(failed.version(), failed.cause(), now()));
    }

    private Behavior<StageCommand> onStop(StageCommand.Stop stop) {
        if (state.rules().phase() instanceof StageState.RunPhase.Ended(StageCommand.RunEnded end)) {
            stop.replyTo().tell(end);
            return this;
        }
        state = new State(
                state.rules(),
                state.workers(),
                state.learner(),
                state.stoppers().plus(stop.replyTo()));
        return settle(state.rules().onStop(now()));
    }

    private Behavior<StageCommand> onGetStatus(StageCommand.GetStatus question) {
        question.replyTo().tell(state.rules().status());
        return this;
    }

    /// Replaces the state and does what is to be done. A task that cannot be loaded is an event of its own, with
    /// effects that come after those in hand.
    private Behavior<StageCommand> settle(Transition transition) {
        state = state.with(transition.next());
        Deque<StageEffect> todo = new ArrayDeque<>(transition.effects());
        while (!todo.isEmpty()) {
            perform(todo.remove()).forEach((lease, cause) -> {
                Transition further = state.rules().onLoadFailed(lease, cause, now());
                state = state.with(further.next());
                todo.addAll(further.effects());
            });
        }
        return this;
    }

    /// Returns the leases whose task cannot be loaded, with the cause.
    private Map<LeaseId, String> perform(StageEffect effect) {
        switch (effect) {
            case StageEffect.Grant grant -> {
                return grant(grant);
            }
            case StageEffect.Revoke(String workerId, var leases) ->
                tellWorker(workerId, new RolloutCommand.LeasesRevoked(leases));
            case StageEffect.TrainBatch(var from, var groups, double rateFactor) ->
                tellLearner(new LearnerCommand.TrainBatch(from, groups, rateFactor));
            case StageEffect.DropGroups(var groups) -> tellLearner(new LearnerCommand.DropGroups(groups));
            case StageEffect.CommitCheckpoint(var snapshot) ->
                tellLearner(new LearnerCommand.CommitCheckpoint(snapshot));
            case StageEffect.RecordFact(var fact) -> recorder.tell(new RecorderCommand.RecordFact(fact));
            case StageEffect.Warn(String text) -> getContext().getLog().warn("{}", text);
            case StageEffect.EndRun(StageCommand.RunEnded end) -> {
                listener.tell(end);
                state.stoppers().forEach(stopper -> stopper.tell(end));
            }
        }
        return Map.of();
    }

    private Map<LeaseId, String> grant(StageEffect.Grant grant) {
        List<Lease> leases = new ArrayList<>();
        Map<LeaseId, String> failures = new TreeMap<>();
        for (LeaseTerms terms : grant.leases()) {
            try {
                leases.add(load(terms));
            } catch (PromptLoadException e) {
                getContext().getLog().warn("prompt={} cannot be loaded: {}", terms.promptId(), e.getMessage());
                failures.put(terms.id(), "prompt %s cannot be loaded: %s".formatted(terms.promptId(), e.getMessage()));
            }
        }
        if (!leases.isEmpty()) {
            frames.messages(leases).forEach(message -> tellWorker(grant.workerId(), message));
        }
        return failures;
    }

    private Lease load(LeaseTerms terms) throws PromptLoadException {
        Lease lease = terms.with(prompts.load(terms.promptId()));
        Optional<String> objection = frames.objection(lease);
        if (objection.isPresent()) {
            throw new PromptLoadException(objection.get());
        }
        return lease;
    }

    private void tellWorker(String workerId, RolloutCommand command) {
        ActorRef<RolloutCommand> worker = state.workers().get(workerId);
        if (worker != null) {
            worker.tell(command);
        }
    }

    private void tellLearner(LearnerCommand command) {
        state.learner().ifPresent(learner -> learner.tell(command));
    }

    private Instant now() {
        return clock.instant();
    }
}
