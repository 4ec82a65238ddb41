package io.railhead.app.run;

import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.protocol.RewardCommand;
import io.railhead.actors.protocol.RewardCommand.ScoreRollout;
import io.railhead.actors.protocol.Rollout;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/// Stands for the reward actors of a life, wherever they are and whenever they start.
///
/// Rollouts go to them in turn; while there is none they wait here, up to a bound beyond which they are lost (the
/// lease behind them is issued again). What was sent to one that is gone or cannot be reached any more is sent to the
/// others: it may have been scored, then the learner drops the copy.
///
/// Does not know: what becomes of a rollout.
final class RewardProxy extends AbstractMatchingBehavior<RewardCommand> {
    private static final int WAITING = 100_000; // rollouts
    private static final long REMEMBERED = 4_000_000; // tokens: some 100 MB with their log-probabilities

    private record Found(List<ActorRef<RewardCommand>> refs) implements RewardCommand.Internal {}

    private final Clock clock;
    private final SentRollouts<ActorRef<RewardCommand>> sent;
    private final Deque<Rollout> waiting = new ArrayDeque<>();
    private List<ActorRef<RewardCommand>> scorers = List.of();
    private int next;

    /// @param window after which nothing is sent again: the leases are granted again then
    static Behavior<RewardCommand> create(ServiceKeys keys, Duration window, Clock clock) {
        return Behaviors.setup(context -> {
            ServiceKey<RewardCommand> key = keys.rewardScorer();
            ActorRef<Receptionist.Listing> listings = context.messageAdapter(
                    Receptionist.Listing.class, listing -> new Found(ordered(listing.getServiceInstances(key))));
            context.getSystem().receptionist().tell(Receptionist.subscribe(key, listings));
            return new RewardProxy(context, window, clock);
        });
    }

    private RewardProxy(ActorContext<RewardCommand> context, Duration window, Clock clock) {
        super(context);
        this.clock = clock;
        this.sent = new SentRollouts<>(window, REMEMBERED);
    }

    @Override
    public Behavior<RewardCommand> onMessage(RewardCommand command) {
        switch (command) {
            case ScoreRollout(Rollout rollout) -> send(rollout);
            case RewardCommand.Internal internal -> onFound(((Found) internal).refs());
        }
        return this;
    }

    private void onFound(List<ActorRef<RewardCommand>> found) {
        Set<ActorRef<RewardCommand>> gone = new HashSet<>(scorers);
        found.forEach(gone::remove);
        scorers = found;
        next = 0;
        List<Rollout> unsent = new ArrayList<>();
        for (ActorRef<RewardCommand> lost : ordered(gone)) {
            List<Rollout> again = sent.lost(lost, clock.instant());
            getContext()
                    .getLog()
                    .info("{} is gone: {} rollouts that it may not have scored are sent again", lost, again.size());
            unsent.addAll(again);
        }
        unsent.addAll(waiting);
        waiting.clear();
        unsent.forEach(this::send);
    }

    private void send(Rollout rollout) {
        if (scorers.isEmpty()) {
            if (waiting.size() < WAITING) {
                waiting.addLast(rollout);
            }
            return;
        }
        Instant now = clock.instant();
        ActorRef<RewardCommand> scorer = scorers.get(next);
        next = (next + 1) % scorers.size();
        scorer.tell(new ScoreRollout(rollout));
        sent.add(scorer, rollout, now);
    }

    private static List<ActorRef<RewardCommand>> ordered(Set<ActorRef<RewardCommand>> refs) {
        return refs.stream()
                .sorted(Comparator.comparing(ref -> ref.path().toString()))
                .toList();
    }
}
