package io.railhead.app.live;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/// Tells all listeners the same news, about once a second, as server-sent events. One a node.
///
/// The conversation: who asks gets a stream of its own, or hears that there is no room. While anybody listens the news
/// are
/// asked for, one question at a time, whatever the number of listeners, and offered to every stream. A stream holds
/// few news: a listener that reads more slowly than they come is dropped. When nothing is sent for a while, a heartbeat
/// is. All streams end with the actor.
///
/// Does not know: what the news are.
final class LiveFeed extends AbstractMatchingBehavior<LiveFeed.Command> {
    /// News that a listener may be behind.
    static final int BEHIND = 16;

    private static final ByteString HEARTBEAT = ByteString.fromString(":\n\n"); // a comment

    sealed interface Command {}

    record Listen(ActorRef<Seat> replyTo) implements Command {}

    /// Ends all streams.
    enum Stop implements Command {
        NOW
    }

    private enum Timer implements Command {
        TICK
    }

    private record Heard(List<ByteString> news) implements Command {}

    /// @param stream empty if there are as many listeners as may be
    record Seat(Optional<Source<ByteString, NotUsed>> stream) {}

    /// @param listeners at most so many at a time
    /// @param heartbeat something is sent at least so often
    record Limits(int listeners, Duration every, Duration heartbeat) {}

    /// Where the news come from. `begin` is called when the first listener comes.
    interface News {
        void begin();

        CompletionStage<List<ByteString>> next();
    }

    private final Limits limits;
    private final News news;
    private final List<BoundedSourceQueue<ByteString>> listeners = new ArrayList<>();
    private boolean asking;

    static Behavior<Command> create(Limits limits, News news) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new LiveFeed(context, timers, limits, news)));
    }

    private LiveFeed(ActorContext<Command> context, TimerScheduler<Command> timers, Limits limits, News news) {
        super(context);
        this.limits = limits;
        this.news = news;
        timers.startTimerWithFixedDelay(Timer.TICK, limits.every());
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        return switch (command) {
            case Listen(ActorRef<Seat> replyTo) -> onListen(replyTo);
            case Timer.TICK -> onTick();
            case Heard(List<ByteString> heard) -> onHeard(heard);
            case Stop.NOW -> Behaviors.stopped();
        };
    }

    @Override
    public Behavior<Command> onSignal(Signal signal) {
        if (signal instanceof PostStop) {
            listeners.stream().filter(listener -> !listener.isCompleted()).forEach(BoundedSourceQueue::complete);
            listeners.clear();
            return this;
        }
        return Behaviors.unhandled();
    }

    private Behavior<Command> onListen(ActorRef<Seat> replyTo) {
        listeners.removeIf(BoundedSourceQueue::isCompleted);
        if (listeners.size() >= limits.listeners()) {
            replyTo.tell(new Seat(Optional.empty()));
            return this;
        }
        if (listeners.isEmpty()) {
            news.begin();
        }
        Pair<BoundedSourceQueue<ByteString>, Source<ByteString, NotUsed>> made =
                Source.<ByteString>queue(BEHIND).preMaterialize(getContext().getSystem());
        listeners.add(made.first());
        made.first().offer(HEARTBEAT);
        replyTo.tell(new Seat(Optional.of(made.second().keepAlive(limits.heartbeat(), () -> HEARTBEAT))));
        return onTick();
    }

    private Behavior<Command> onTick() {
        listeners.removeIf(BoundedSourceQueue::isCompleted);
        if (!listeners.isEmpty() && !asking) {
            asking = true;
            getContext().pipeToSelf(news.next(), (heard, failure) -> new Heard(failure == null ? heard : List.of()));
        }
        return this;
    }

    private Behavior<Command> onHeard(List<ByteString> heard) {
        asking = false;
        listeners.removeIf(listener -> !takes(listener, heard));
        return this;
    }

    /// A listener without room for one of the news is told nothing more: it would not know what it missed.
    private static boolean takes(BoundedSourceQueue<ByteString> listener, List<ByteString> heard) {
        for (ByteString one : heard) {
            if (listener.isCompleted()) {
                return false;
            }
            if (!listener.offer(one).equals(QueueOfferResult.enqueued())) {
                if (!listener.isCompleted()) {
                    listener.fail(new SlowListenerException());
                }
                return false;
            }
        }
        return true;
    }

    private static final class SlowListenerException extends Exception {
        private static final long serialVersionUID = 1L;

        private SlowListenerException() {
            super("the listener is more than %d news behind".formatted(BEHIND), null, false, false);
        }
    }
}
