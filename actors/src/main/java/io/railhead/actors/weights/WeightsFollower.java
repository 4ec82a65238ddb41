package io.railhead.actors.weights;

import io.railhead.actors.cluster.Dispatchers;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.WeightsCommand.Manifest;
import io.railhead.actors.protocol.WeightsCommand.ToFollower;
import io.railhead.actors.protocol.WeightsCommand.ToPublisher;
import io.railhead.actors.weights.WeightsStore.Held;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/// Brings published weights to this node's store, verified, and tells the node's rollout workers. One per node.
///
/// It finds the publisher through the receptionist and follows it. For each manifest it makes sure that the very
/// contents (byte count, root) are in the node's [WeightsStore], fetching them from the nodes that the publisher
/// names unless they are there; then it tells every worker `WeightsStaged` and the publisher `Staged`; the
/// workers take the snapshot from the store by its version. If the contents cannot be had or are not what was
/// promised, the workers hear nothing and the publisher hears `Refused` with the cause: the node goes on with
/// what it has, and asks for no lease that needs more.
///
/// - *idle* -> manifest newer than what is kept -> *fetching*
/// - *fetching* -> a newer manifest -> *fetching*, that one waits; a still newer one takes its place
/// - *fetching* -> fetched or failed -> *fetching* what waits, or *idle*
///
/// A message can be lost while nodes get to know each other, so it follows again whenever [#FOLLOW_AGAIN] has
/// passed without a word from the publisher and nothing is being fetched.
///
/// The kept version never goes back. Fetching is done on [Dispatchers#BLOCKING], never on this actor's thread. A
/// crash loses nothing: following again brings the newest manifest.
///
/// Does not know: engines, when a worker swaps, who has what.
public final class WeightsFollower extends AbstractMatchingBehavior<ToFollower> {
    private sealed interface Event extends ToFollower.Internal {
        record PublishersFound(Set<ActorRef<ToPublisher>> publishers) implements Event {}

        record Fetched(Manifest manifest, Held held) implements Event {}

        record FetchFailed(Manifest manifest, String cause) implements Event {}

        record LookForSilence() implements Event {}
    }

    /// How long nothing may be heard of the publisher. Short beside the lag deadline: until it has the newest
    /// weights, a node that came back gets no work.
    static final Duration FOLLOW_AGAIN = Duration.ofSeconds(2);

    private final String id;
    private final WeightsExchange exchange;
    private final List<ActorRef<RolloutCommand>> workers;
    private final Executor blocking;
    private Set<ActorRef<ToPublisher>> publishers = Set.of();
    private Staging staging;
    private boolean heard; // since the last look for silence

    /// @param id unique among the nodes of the run
    /// @param serving the version that the workers start with
    /// @param workers the rollout workers of this node
    /// @param key under which the publisher is found
    public static Behavior<ToFollower> create(
            ServiceKey<ToPublisher> key,
            String id,
            WeightsExchange exchange,
            PolicyVersion serving,
            List<ActorRef<RolloutCommand>> workers) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new WeightsFollower(context, timers, key, id, exchange, serving, workers)));
    }

    private WeightsFollower(
            ActorContext<ToFollower> context,
            TimerScheduler<ToFollower> timers,
            ServiceKey<ToPublisher> key,
            String id,
            WeightsExchange exchange,
            PolicyVersion serving,
            List<ActorRef<RolloutCommand>> workers) {
        super(context);
        this.id = id;
        this.exchange = exchange;
        this.workers = List.copyOf(workers);
        this.blocking = context.getSystem().dispatchers().lookup(Dispatchers.BLOCKING);
        this.staging = Staging.startingWith(serving);
        ActorRef<Receptionist.Listing> found = context.messageAdapter(
                Receptionist.Listing.class, listing -> new Event.PublishersFound(listing.getServiceInstances(key)));
        context.getSystem().receptionist().tell(Receptionist.subscribe(key, found));
        timers.startTimerWithFixedDelay(new Event.LookForSilence(), FOLLOW_AGAIN);
    }

    @Override
    public Behavior<ToFollower> onMessage(ToFollower message) {
        return switch (message) {
            case ToFollower.WeightsPublished published -> onWeightsPublished(published);
            case ToFollower.Internal internal -> onEvent((Event) internal);
        };
    }

    private Behavior<ToFollower> onEvent(Event event) {
        return switch (event) {
            case Event.PublishersFound found -> onPublishersFound(found.publishers());
            case Event.Fetched fetched -> onFetched(fetched.manifest(), fetched.held());
            case Event.FetchFailed failed -> onFetchFailed(failed.manifest(), failed.cause());
            case Event.LookForSilence _ -> onLookForSilence();
        };
    }

    private Behavior<ToFollower> onPublishersFound(Set<ActorRef<ToPublisher>> found) {
        found.stream().filter(publisher -> !publishers.contains(publisher)).forEach(this::follow);
        publishers = Set.copyOf(found);
        return this;
    }

    private Behavior<ToFollower> onLookForSilence() {
        if (!heard && staging.fetching().isEmpty()) {
            publishers.forEach(this::follow);
        }
        heard = false;
        return this;
    }

    private void follow(ActorRef<ToPublisher> publisher) {
        publisher.tell(
                new ToPublisher.Follow(id, exchange.address(), getContext().getSelf()));
    }

    private Behavior<ToFollower> onWeightsPublished(ToFollower.WeightsPublished published) {
        heard = true;
        Staging.Step step = staging.offered(published);
        staging = step.next();
        switch (step.decision()) {
            case Staging.Decision.Fetch fetch -> fetch(fetch.published());
            case Staging.Decision.Repeat _ -> tellPublishers(new ToPublisher.Staged(id, staging.kept()));
            case Staging.Decision.GoesBack _ -> refuse(published.manifest(), "older than what is kept");
            case Staging.Decision.Wait _ -> {}
        }
        return this;
    }

    private Behavior<ToFollower> onFetched(Manifest manifest, Held held) {
        try {
            exchange.store().put(held.snapshot(), manifest.root());
        } catch (IllegalArgumentException e) { // this node's learner has put newer or other weights meanwhile
            return onFetchFailed(manifest, String.valueOf(e.getMessage()));
        }
        staged(manifest);
        blocking.execute(exchange::prepare);
        return this;
    }

    private Behavior<ToFollower> onFetchFailed(Manifest manifest, String cause) {
        refuse(manifest, cause);
        proceed(staging.failed());
        return this;
    }

    /// In one JVM the contents are in the store already, hashed when they were put there.
    private void fetch(ToFollower.WeightsPublished published) {
        Manifest manifest = published.manifest();
        if (exchange.store().holds(manifest)) {
            staged(manifest);
        } else if (exchange.store().get(manifest.version()).isPresent()) {
            onFetchFailed(manifest, manifest.version() + " is on this node with other contents");
        } else {
            getContext()
                    .pipeToSelf(
                            CompletableFuture.supplyAsync(() -> fetched(published), blocking),
                            (held, failure) -> failure == null
                                    ? new Event.Fetched(manifest, held)
                                    : new Event.FetchFailed(manifest, causeOf(failure)));
        }
    }

    private void staged(Manifest manifest) {
        workers.forEach(worker -> worker.tell(new RolloutCommand.WeightsStaged(manifest.version())));
        tellPublishers(new ToPublisher.Staged(id, manifest.version()));
        proceed(staging.fetched(manifest.version()));
    }

    private void proceed(Staging.Step step) {
        staging = step.next();
        if (step.decision() instanceof Staging.Decision.Fetch next) {
            fetch(next.published());
        }
    }

    private void refuse(Manifest manifest, String cause) {
        getContext()
                .getLog()
                .warn("weights refused: policyVersion={} keeps={} cause={}", manifest.version(), staging.kept(), cause);
        tellPublishers(new ToPublisher.Refused(id, manifest.version(), staging.kept(), cause));
    }

    private void tellPublishers(ToPublisher message) {
        publishers.forEach(publisher -> publisher.tell(message));
    }

    private Held fetched(ToFollower.WeightsPublished published) {
        try {
            return exchange.fetch(published);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static String causeOf(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return String.valueOf(cause.getMessage());
    }
}
