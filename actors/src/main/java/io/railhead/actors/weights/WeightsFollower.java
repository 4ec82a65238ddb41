package io.railhead.actors.weights;

import io.railhead.actors.cluster.Dispatchers;
import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.protocol.RolloutCommand;
import io.railhead.actors.protocol.WeightsCommand.Manifest;
import io.railhead.actors.protocol.WeightsCommand.ToFollower;
import io.railhead.actors.protocol.WeightsCommand.ToPublisher;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.WeightsSnapshot;
import java.io.IOException;
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
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/// Brings published weights to this node's store, verified, and tells the node's rollout workers. One per node.
///
/// It finds the publisher through the receptionist and follows it. For each manifest it makes sure that the very
/// contents (byte count, SHA-256) are in the node's [WeightsStore], then tells every worker `WeightsStaged` and the
/// publisher `Staged`; the workers take the snapshot from the store by its version. On a mismatch, or if the contents
/// cannot be had, the workers hear nothing and the publisher hears `Refused` with the cause.
///
/// - *idle* -> manifest newer than what is kept -> *fetching*
/// - *fetching* -> a newer manifest -> *fetching*, that one waits; a still newer one takes its place
/// - *fetching* -> fetched or failed -> *fetching* what waits, or *idle*
///
/// The kept version never goes back. Files are read on [Dispatchers#BLOCKING], never on this actor's thread. A crash
/// loses nothing: following again brings the newest manifest.
///
/// Does not know: engines, when a worker swaps.
public final class WeightsFollower extends AbstractMatchingBehavior<ToFollower> {
    private sealed interface Event extends ToFollower.Internal {
        record PublishersFound(Set<ActorRef<ToPublisher>> publishers) implements Event {}

        record Fetched(Manifest manifest, WeightsSnapshot snapshot) implements Event {}

        record FetchFailed(Manifest manifest, String cause) implements Event {}
    }

    private final String id;
    private final WeightsStore store;
    private final List<ActorRef<RolloutCommand>> workers;
    private final Executor blocking;
    private Set<ActorRef<ToPublisher>> publishers = Set.of();
    private Staging staging;

    /// @param id unique among the nodes of the run
    /// @param serving the version that the workers start with
    /// @param workers the rollout workers of this node
    public static Behavior<ToFollower> create(
            String id, WeightsStore store, PolicyVersion serving, List<ActorRef<RolloutCommand>> workers) {
        return Behaviors.setup(context -> new WeightsFollower(context, id, store, serving, workers));
    }

    private WeightsFollower(
            ActorContext<ToFollower> context,
            String id,
            WeightsStore store,
            PolicyVersion serving,
            List<ActorRef<RolloutCommand>> workers) {
        super(context);
        this.id = id;
        this.store = store;
        this.workers = List.copyOf(workers);
        this.blocking = context.getSystem().dispatchers().lookup(Dispatchers.BLOCKING);
        this.staging = Staging.startingWith(serving);
        ActorRef<Receptionist.Listing> found = context.messageAdapter(
                Receptionist.Listing.class,
                listing -> new Event.PublishersFound(listing.getServiceInstances(ServiceKeys.WEIGHTS_PUBLISHER)));
        context.getSystem().receptionist().tell(Receptionist.subscribe(ServiceKeys.WEIGHTS_PUBLISHER, found));
    }

    @Override
    public Behavior<ToFollower> onMessage(ToFollower message) {
        return switch (message) {
            case ToFollower.WeightsPublished published -> onWeightsPublished(published.manifest());
            case ToFollower.Internal internal -> onEvent((Event) internal);
        };
    }

    private Behavior<ToFollower> onEvent(Event event) {
        return switch (event) {
            case Event.PublishersFound found -> onPublishersFound(found.publishers());
            case Event.Fetched fetched -> onFetched(fetched.manifest(), fetched.snapshot());
            case Event.FetchFailed failed -> onFetchFailed(failed.manifest(), failed.cause());
        };
    }

    private Behavior<ToFollower> onPublishersFound(Set<ActorRef<ToPublisher>> found) {
        found.stream()
                .filter(publisher -> !publishers.contains(publisher))
                .forEach(publisher ->
                        publisher.tell(new ToPublisher.Follow(id, getContext().getSelf())));
        publishers = Set.copyOf(found);
        return this;
    }

    private Behavior<ToFollower> onWeightsPublished(Manifest manifest) {
        Staging.Step step = staging.offered(manifest);
        staging = step.next();
        switch (step.decision()) {
            case Staging.Decision.Fetch fetch -> fetch(fetch.manifest());
            case Staging.Decision.Repeat _ -> tellPublishers(new ToPublisher.Staged(id, staging.kept()));
            case Staging.Decision.GoesBack _ -> refuse(manifest, "older than what is kept");
            case Staging.Decision.Wait _ -> {}
        }
        return this;
    }

    private Behavior<ToFollower> onFetched(Manifest manifest, WeightsSnapshot snapshot) {
        try {
            store.put(snapshot, manifest.sha256());
        } catch (IllegalArgumentException e) { // this node's learner has put newer or other weights meanwhile
            return onFetchFailed(manifest, String.valueOf(e.getMessage()));
        }
        staged(manifest);
        return this;
    }

    private Behavior<ToFollower> onFetchFailed(Manifest manifest, String cause) {
        refuse(manifest, cause);
        proceed(staging.failed());
        return this;
    }

    /// In one JVM the contents are in the store already, hashed when they were put there.
    private void fetch(Manifest manifest) {
        if (store.holds(manifest)) {
            staged(manifest);
        } else if (store.get(manifest.version()).isPresent()) {
            onFetchFailed(manifest, manifest.version() + " is on this node with other contents");
        } else {
            getContext()
                    .pipeToSelf(
                            CompletableFuture.supplyAsync(() -> read(manifest), blocking),
                            (snapshot, failure) -> failure == null
                                    ? new Event.Fetched(manifest, snapshot)
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
            fetch(next.manifest());
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

    private static WeightsSnapshot read(Manifest manifest) {
        try {
            return WeightsFiles.read(manifest);
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
