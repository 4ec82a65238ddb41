package io.railhead.actors.weights;

import io.railhead.actors.cluster.Dispatchers;
import io.railhead.actors.protocol.WeightsCommand.Manifest;
import io.railhead.actors.protocol.WeightsCommand.ToFollower;
import io.railhead.actors.protocol.WeightsCommand.ToFollower.WeightsPublished;
import io.railhead.actors.protocol.WeightsCommand.ToPublisher;
import io.railhead.actors.weights.WeightsStore.Held;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/// Tells every follower of the newest weights. One per run, beside the learner; found under
/// the key of its life of the run.
///
/// The learner publishes a manifest of weights in this node's store. Followers in this JVM are told at once. For
/// those on other nodes the version is encoded first, on [Dispatchers#BLOCKING]; then each is told whom to ask
/// for it, by the [RelayTree]: those that have what was announced before come first, and who joins comes last. A
/// follower answers `Staged` or `Refused`; after a refusal, or when it stays behind beyond the deadline, which is
/// warned of once, it is told again at the next look, to fetch a snapshot from this node. A follower is watched:
/// one that stops is forgotten, and follows again when it is back. One that follows again without having stopped
/// has heard nothing for a while, and is told again what it has not acknowledged.
///
/// - *nothing published* -> first `Publish` -> *published*
/// - *published* -> a newer `Publish` -> *published*; an older or equal one is refused with a warning, so what
///   is told never goes back
/// - *announced* (what other nodes were told) follows *published* by one encoding at a time; versions that were
///   published meanwhile are left out
///
/// Delivery: at most once, repeated to those behind. After a crash of this actor, followers find the new one
/// through the receptionist and follow again; what it announces first is a snapshot.
///
/// Does not know: contents, sockets, workers.
public final class WeightsPublisher extends AbstractMatchingBehavior<ToPublisher> {
    private sealed interface Event extends ToPublisher.Internal {
        record FollowerStopped(String id, ActorRef<ToFollower> ref) implements Event {}

        record LookForLag() implements Event {}

        record Encoded(Held held, boolean asDelta) implements Event {}

        record EncodingFailed(Manifest manifest, Throwable cause) implements Event {}
    }

    private record Node(String address, ActorRef<ToFollower> ref) {}

    private final WeightsSettings settings;
    private final WeightsExchange exchange;
    private final Clock clock;
    private final Executor blocking;
    private final Map<String, Node> nodes = new HashMap<>(); // by follower id, as in the distribution
    private final Set<String> refused = new HashSet<>(); // ids of followers that could not use what is announced
    private Distribution distribution = Distribution.EMPTY;
    private Announcements announcements = Announcements.NONE;
    private RelayOrder order = RelayOrder.NONE; // of what is announced

    /// @param key under which followers find it
    public static Behavior<ToPublisher> create(
            ServiceKey<ToPublisher> key, WeightsSettings settings, WeightsExchange exchange, Clock clock) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new WeightsPublisher(context, timers, key, settings, exchange, clock)));
    }

    private WeightsPublisher(
            ActorContext<ToPublisher> context,
            TimerScheduler<ToPublisher> timers,
            ServiceKey<ToPublisher> key,
            WeightsSettings settings,
            WeightsExchange exchange,
            Clock clock) {
        super(context);
        context.setLoggerName(WeightsPublisher.class);
        this.settings = settings;
        this.exchange = exchange;
        this.clock = clock;
        this.blocking = context.getSystem().dispatchers().lookup(Dispatchers.BLOCKING);
        timers.startTimerWithFixedDelay(new Event.LookForLag(), settings.checkInterval());
        context.getSystem().receptionist().tell(Receptionist.register(key, context.getSelf()));
    }

    @Override
    public Behavior<ToPublisher> onMessage(ToPublisher message) {
        return switch (message) {
            case ToPublisher.Publish publish -> onPublish(publish.manifest());
            case ToPublisher.Follow follow -> onFollow(follow);
            case ToPublisher.Staged staged -> onStaged(staged);
            case ToPublisher.Refused refusal -> onRefused(refusal);
            case ToPublisher.Internal internal -> onEvent((Event) internal);
        };
    }

    private Behavior<ToPublisher> onEvent(Event event) {
        return switch (event) {
            case Event.FollowerStopped stopped -> onFollowerStopped(stopped);
            case Event.LookForLag _ -> onLookForLag();
            case Event.Encoded encoded -> onEncoded(encoded);
            case Event.EncodingFailed failed -> onEncodingFailed(failed);
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
        nodes.values().stream().filter(this::isHere).forEach(node -> node.ref().tell(byReference(manifest)));
        return encode();
    }

    private Behavior<ToPublisher> onFollow(ToPublisher.Follow follow) {
        Node node = new Node(follow.address(), follow.follower());
        Node before = nodes.put(follow.followerId(), node);
        if (node.equals(before)) {
            return onFollowAgain(follow.followerId(), node);
        }
        if (before != null) {
            getContext().unwatch(before.ref());
        }
        getContext().watchWith(node.ref(), new Event.FollowerStopped(follow.followerId(), node.ref()));
        distribution = distribution.joined(follow.followerId(), clock.instant());
        if (isHere(node)) {
            distribution.newest().ifPresent(newest -> node.ref().tell(byReference(newest)));
            return this;
        }
        announcements.last().ifPresent(_ -> announce(node));
        return encode();
    }

    private Behavior<ToPublisher> onFollowAgain(String id, Node node) {
        Optional<Manifest> told =
                isHere(node) ? distribution.newest() : announcements.last().map(_ -> announced());
        told.filter(manifest -> !distribution.hasStaged(id, manifest.version())).ifPresent(manifest -> {
            if (isHere(node)) {
                node.ref().tell(byReference(manifest));
            } else {
                announce(node);
            }
        });
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

    private Behavior<ToPublisher> onRefused(ToPublisher.Refused refusal) {
        getContext()
                .getLog()
                .warn(
                        "weights refused: follower={} policyVersion={} keeps={} cause={}",
                        refusal.followerId(),
                        refusal.version(),
                        refusal.kept(),
                        refusal.cause());
        refused.add(refusal.followerId());
        return this;
    }

    /// A follower may have followed again, as a new actor, before its old one was seen to stop.
    private Behavior<ToPublisher> onFollowerStopped(Event.FollowerStopped stopped) {
        Node node = nodes.get(stopped.id());
        if (node != null && node.ref().equals(stopped.ref())) {
            nodes.remove(stopped.id());
            refused.remove(stopped.id());
            distribution = distribution.left(stopped.id());
        }
        return this;
    }

    private Behavior<ToPublisher> onLookForLag() {
        Distribution.Lags lags = distribution.lagging(clock.instant(), settings.lagDeadline());
        distribution = lags.next();
        lags.found().forEach(lag -> {
            getContext()
                    .getLog()
                    .warn(
                            "follower lags: follower={} staged={} newest={} behindSeconds={}",
                            lag.followerId(),
                            lag.staged().map(Object::toString).orElse("nothing"),
                            lag.newest(),
                            lag.behind().toSeconds());
            refused.add(lag.followerId());
        });
        refused.stream()
                .map(nodes::get)
                .filter(node -> node != null && !isHere(node))
                .forEach(this::anchor);
        refused.clear();
        return this;
    }

    private Behavior<ToPublisher> onEncoded(Event.Encoded encoded) {
        announcements = announcements.encoded(encoded.held(), encoded.asDelta(), exchange.keepDeltas());
        refused.clear();
        order = RelayOrder.NONE;
        remotes().forEach(this::announce);
        return encode();
    }

    private Behavior<ToPublisher> onEncodingFailed(Event.EncodingFailed failed) {
        announcements = announcements.failed();
        getContext()
                .getLog()
                .error(
                        "weights not encoded: policyVersion={}",
                        failed.manifest().version(),
                        failed.cause());
        return this;
    }

    /// Encodes the newest version for other nodes, if there are any, it is not announced, and nothing is being
    /// encoded.
    private Behavior<ToPublisher> encode() {
        Optional<Held> newest =
                distribution.newest().flatMap(manifest -> exchange.store().held(manifest.version()));
        if (newest.isEmpty() || remotes().isEmpty() || !announcements.wants(newest.get())) {
            return this;
        }
        Manifest manifest = distribution.newest().orElseThrow();
        Optional<Held> before = announcements.last();
        announcements = announcements.encoding();
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(() -> exchange.offer(before, newest.get()), blocking),
                        (asDelta, failure) -> failure == null
                                ? new Event.Encoded(newest.get(), asDelta)
                                : new Event.EncodingFailed(manifest, failure));
        return this;
    }

    private void announce(Node node) {
        order = order.with(node.address());
        List<String> sources = order.sources(exchange.tree(), node.address());
        node.ref().tell(new WeightsPublished(announced(), announcements.chain(), sources));
    }

    private void anchor(Node node) {
        if (announcements.last().isPresent()) {
            node.ref().tell(new WeightsPublished(announced(), List.of(), List.of(exchange.address())));
        }
    }

    private Manifest announced() {
        Held held = announcements.last().orElseThrow();
        return new Manifest(
                held.snapshot().version(), held.root(), held.snapshot().byteCount(), exchange.address());
    }

    private static WeightsPublished byReference(Manifest manifest) {
        return new WeightsPublished(manifest, List.of(), List.of());
    }

    private boolean isHere(Node node) {
        return node.address().equals(exchange.address());
    }

    /// The followers on other nodes, those with the newest weights first.
    private List<Node> remotes() {
        return distribution.followersByVersion().stream()
                .flatMap(id -> Stream.ofNullable(nodes.get(id)))
                .filter(node -> !isHere(node))
                .toList();
    }
}
