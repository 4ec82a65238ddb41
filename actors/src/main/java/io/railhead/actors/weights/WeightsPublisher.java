package io.railhead.actors.weights;

import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.protocol.WeightsCommand.Manifest;
import io.railhead.actors.protocol.WeightsCommand.ToFollower;
import io.railhead.actors.protocol.WeightsCommand.ToPublisher;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/// Tells every follower of the newest weights. One per run, beside the learner; found under
/// [ServiceKeys#WEIGHTS_PUBLISHER].
///
/// The learner publishes a manifest; all followers are told of it, and those that come later are told at once. A
/// follower answers `Staged` or `Refused`. It is watched: one that stops is forgotten, and follows again when it is
/// back. A follower that stays behind the newest version beyond the deadline is warned of once.
///
/// - *nothing published* -> first `Publish` -> *published*
/// - *published* -> a newer `Publish` -> *published*; an older or equal one is refused with a warning, so what is told
///   never goes back
///
/// Delivery: at most once. A follower that missed a manifest is behind until the next one; nothing else waits for it.
/// After a crash of this actor, followers find the new one through the receptionist and follow again.
///
/// Does not know: contents, files, workers.
public final class WeightsPublisher extends AbstractMatchingBehavior<ToPublisher> {
    private sealed interface Event extends ToPublisher.Internal {
        record FollowerStopped(String id, ActorRef<ToFollower> ref) implements Event {}

        record LookForLag() implements Event {}
    }

    private final WeightsSettings settings;
    private final Clock clock;
    private final Map<String, ActorRef<ToFollower>> refs = new HashMap<>(); // by follower id, as in the distribution
    private Distribution distribution = Distribution.EMPTY;

    public static Behavior<ToPublisher> create(WeightsSettings settings, Clock clock) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new WeightsPublisher(context, timers, settings, clock)));
    }

    private WeightsPublisher(
            ActorContext<ToPublisher> context,
            TimerScheduler<ToPublisher> timers,
            WeightsSettings settings,
            Clock clock) {
        super(context);
        context.setLoggerName(WeightsPublisher.class);
        this.settings = settings;
        this.clock = clock;
        timers.startTimerWithFixedDelay(new Event.LookForLag(), settings.checkInterval());
        context.getSystem()
                .receptionist()
                .tell(Receptionist.register(ServiceKeys.WEIGHTS_PUBLISHER, context.getSelf()));
    }

    @Override
    public Behavior<ToPublisher> onMessage(ToPublisher message) {
        return switch (message) {
            case ToPublisher.Publish publish -> onPublish(publish.manifest());
            case ToPublisher.Follow follow -> onFollow(follow);
            case ToPublisher.Staged staged -> onStaged(staged);
            case ToPublisher.Refused refused -> onRefused(refused);
            case ToPublisher.Internal internal -> onEvent((Event) internal);
        };
    }

    private Behavior<ToPublisher> onEvent(Event event) {
        return switch (event) {
            case Event.FollowerStopped stopped -> onFollowerStopped(stopped);
            case Event.LookForLag _ -> onLookForLag();
        };
    }

    private Behavior<ToPublisher> onPublish(Manifest manifest) {
        if (!distribution.isNewer(manifest)) {
            getContext()
                    .getLog()
                    .warn(
                            "weights not published: policyVersion={} is not newer than {}",
                            manifest.version(),
                            distribution.newest().orElseThrow().version());
            return this;
        }
        distribution = distribution.published(manifest, clock.instant());
        refs.values().forEach(follower -> follower.tell(new ToFollower.WeightsPublished(manifest)));
        return this;
    }

    private Behavior<ToPublisher> onFollow(ToPublisher.Follow follow) {
        ActorRef<ToFollower> before = refs.put(follow.followerId(), follow.follower());
        if (before != null) {
            getContext().unwatch(before);
        }
        getContext().watchWith(follow.follower(), new Event.FollowerStopped(follow.followerId(), follow.follower()));
        distribution = distribution.joined(follow.followerId(), clock.instant());
        distribution.newest().ifPresent(newest -> follow.follower().tell(new ToFollower.WeightsPublished(newest)));
        return this;
    }

    private Behavior<ToPublisher> onStaged(ToPublisher.Staged staged) {
        distribution = distribution.staged(staged.followerId(), staged.version());
        getContext()
                .getLog()
                .debug(
                        "weights staged: follower={} policyVersion={} upToDate={}/{}",
                        staged.followerId(),
                        staged.version(),
                        distribution.upToDate(),
                        distribution.followers().size());
        return this;
    }

    private Behavior<ToPublisher> onRefused(ToPublisher.Refused refused) {
        getContext()
                .getLog()
                .warn(
                        "weights refused: follower={} policyVersion={} keeps={} cause={}",
                        refused.followerId(),
                        refused.version(),
                        refused.kept(),
                        refused.cause());
        return this;
    }

    /// A follower may have followed again, as a new actor, before its old one was seen to stop.
    private Behavior<ToPublisher> onFollowerStopped(Event.FollowerStopped stopped) {
        if (refs.remove(stopped.id(), stopped.ref())) {
            distribution = distribution.left(stopped.id());
        }
        return this;
    }

    private Behavior<ToPublisher> onLookForLag() {
        Distribution.Lags lags = distribution.lagging(clock.instant(), settings.lagDeadline());
        distribution = lags.next();
        lags.found()
                .forEach(lag -> getContext()
                        .getLog()
                        .warn(
                                "follower lags: follower={} staged={} newest={} behindSeconds={}",
                                lag.followerId(),
                                lag.staged().map(Object::toString).orElse("nothing"),
                                lag.newest(),
                                lag.behind().toSeconds()));
        return this;
    }
}
