package io.railhead.app.tracing;

import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.RewardCommand;
import io.railhead.actors.protocol.RewardCommand.ScoreRollout;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.RunFact;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// Sees what passes a node's actors in one life of the run, and tells it as spans. The actors need not know of it.
/// Without traces it stands nowhere.
public final class LifeTraces {
    private final Optional<RolloutSpans> spans;

    LifeTraces(Optional<RolloutSpans> spans) {
        this.spans = spans;
    }

    /// A rollout worker: when leases come.
    public Behavior<RolloutCommand> worker(Behavior<RolloutCommand> worker) {
        return watching(RolloutCommand.class, worker, (seen, message) -> {
            if (message instanceof RolloutCommand.LeasesGranted granted) {
                granted.leases().forEach(seen::granted);
            }
        });
    }

    /// What stands between a rollout worker and the reward actors: when responses go.
    public Behavior<RewardCommand> generated(Behavior<RewardCommand> rewards) {
        return watching(RewardCommand.class, rewards, (seen, message) -> {
            if (message instanceof ScoreRollout(var rollout)) {
                seen.generated(rollout);
            }
        });
    }

    /// What stands before the reward actors of a node: when responses come.
    public Behavior<RewardCommand> toScore(Behavior<RewardCommand> rewards) {
        return watching(RewardCommand.class, rewards, (seen, message) -> {
            if (message instanceof ScoreRollout(var rollout)) {
                seen.toScore(rollout);
            }
        });
    }

    /// What stands behind them: when scores go.
    public Behavior<LearnerCommand> scored(Behavior<LearnerCommand> learner) {
        return watching(LearnerCommand.class, learner, (seen, message) -> {
            if (message instanceof LearnerCommand.OfferTrajectory(var trajectory)) {
                seen.scored(trajectory);
            }
        });
    }

    /// Hears what is recorded: when leases are issued, end and are trained.
    public Consumer<RunFact> recorded() {
        return fact -> spans.ifPresent(seen -> seen.recorded(fact));
    }

    Optional<RolloutSpans> spans() {
        return spans;
    }

    private interface Seen<T> {
        void see(RolloutSpans spans, T message);
    }

    private <T> Behavior<T> watching(Class<T> type, Behavior<T> behavior, Seen<T> seen) {
        if (spans.isEmpty()) {
            return behavior;
        }
        RolloutSpans to = spans.get();
        return Behaviors.intercept(
                () -> new BehaviorInterceptor<T, T>(type) {
                    @Override
                    public Behavior<T> aroundReceive(TypedActorContext<T> context, T message, ReceiveTarget<T> target) {
                        seen.see(to, message);
                        return target.apply(context, message);
                    }
                },
                behavior);
    }
}
