package io.railhead.app.status;

import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.RewardCommand;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.policy.PolicyVersion;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// What passes between this node's roles and others, as seen on the way: who of the rollout workers said what last,
/// and how many rollouts wait for their scores. May be read from any thread.
///
/// It stands in the way of messages as actors that pass them on, so workers and scorers need not know of it.
public final class NodeGauges {
    /// What a rollout worker asked for last.
    public record Worker(PolicyVersion serving, int freeSamples, Instant heard) {}

    /// Of the reward actors of this node, in the present life of the run.
    public record Scores(long asked, long given, long failed) {
        public long waiting() {
            return Math.max(0, asked - given - failed);
        }
    }

    /// What the recorder of this node wrote in the present life of the run that is counted here.
    ///
    /// @param troubles numerical trouble by kind, see `docs/alerts.md`
    /// @param newestStep metrics of the newest train step, those that are numbers; empty before the first
    public record Recorded(
            SortedMap<String, Long> troubles, long memoryShortages, SortedMap<String, Double> newestStep) {
        static final Recorded NOTHING = new Recorded(new TreeMap<>(), 0, new TreeMap<>());

        public Recorded {
            troubles = Collections.unmodifiableSortedMap(new TreeMap<>(troubles));
            newestStep = Collections.unmodifiableSortedMap(new TreeMap<>(newestStep));
        }

        private Recorded after(RunFact fact) {
            return switch (fact) {
                case RunFact.TroubleFound found -> {
                    SortedMap<String, Long> more = new TreeMap<>(troubles);
                    more.merge(found.trouble().kind(), 1L, Long::sum);
                    yield new Recorded(more, memoryShortages, newestStep);
                }
                case RunFact.MemoryShort _ -> new Recorded(troubles, memoryShortages + 1, newestStep);
                case RunFact.StepFinished step -> {
                    SortedMap<String, Double> numbers = new TreeMap<>(step.metrics());
                    numbers.values().removeIf(value -> !Double.isFinite(value));
                    yield new Recorded(troubles, memoryShortages, numbers);
                }
                case RunFact _ -> this;
            };
        }
    }

    private static final class Counts {
        private final LongAdder asked = new LongAdder();
        private final LongAdder given = new LongAdder();
        private final LongAdder failed = new LongAdder();
    }

    private final InstantSource clock;
    private final Map<String, Worker> workers = new ConcurrentHashMap<>();
    private volatile Optional<Counts> counts = Optional.empty();
    private final AtomicReference<Optional<Recorded>> record = new AtomicReference<>(Optional.empty());

    public NodeGauges(InstantSource clock) {
        this.clock = clock;
    }

    public SortedMap<String, Worker> workers() {
        return new TreeMap<>(workers);
    }

    /// Empty on a node without reward actors.
    public Optional<Scores> scores() {
        return counts.map(now -> new Scores(now.asked.sum(), now.given.sum(), now.failed.sum()));
    }

    /// Empty on a node that records no run.
    public Optional<Recorded> newest() {
        return record.get();
    }

    /// Hears what the recorder of a new life writes.
    public Consumer<RunFact> recorded() {
        record.set(Optional.of(Recorded.NOTHING));
        return fact -> record.updateAndGet(now -> now.map(seen -> seen.after(fact)));
    }

    /// Stands for the stage controller before this node's rollout workers, of which none is known yet.
    public Behavior<StageCommand> beforeWorkers(ActorRef<StageCommand> stage) {
        workers.clear();
        return passing(stage, message -> {
            switch (message) {
                case StageCommand.RequestLeases(String id, PolicyVersion serving, int free, ActorRef<?> _) ->
                    workers.put(id, new Worker(serving, free, clock.instant()));
                case StageCommand.WorkerLeft(String id) -> workers.remove(id);
                case StageCommand _ -> {}
            }
        });
    }

    /// What the reward actors of a life are counted with.
    public Scoring scoring() {
        Counts fresh = new Counts();
        counts = Optional.of(fresh);
        return new Scoring(fresh);
    }

    /// Stands before and behind the reward actors of one life.
    public static final class Scoring {
        private final Counts counts;

        private Scoring(Counts counts) {
            this.counts = counts;
        }

        public Behavior<RewardCommand> before(ActorRef<RewardCommand> router) {
            return passing(router, _ -> counts.asked.increment());
        }

        public Behavior<LearnerCommand> toLearner(ActorRef<LearnerCommand> learner) {
            return passing(learner, _ -> counts.given.increment());
        }

        public Behavior<StageCommand> toStage(ActorRef<StageCommand> stage) {
            return passing(stage, _ -> counts.failed.increment());
        }
    }

    private static <T> Behavior<T> passing(ActorRef<T> target, Consumer<T> seen) {
        return Behaviors.receiveMessage(message -> {
            seen.accept(message);
            target.tell(message);
            return Behaviors.same();
        });
    }
}
