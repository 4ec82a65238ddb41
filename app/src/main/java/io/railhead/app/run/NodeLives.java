package io.railhead.app.run;

import io.railhead.actors.cluster.ClusterSettings;
import io.railhead.actors.cluster.Role;
import io.railhead.actors.incarnation.Birth;
import io.railhead.actors.incarnation.Fence;
import io.railhead.actors.incarnation.Incarnations;
import io.railhead.actors.pictures.PictureShelf;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.MemberCommand;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.security.NodeIdentity;
import io.railhead.actors.security.Refusals;
import io.railhead.actors.telemetry.DeadLetterCounter;
import io.railhead.actors.telemetry.RunRecord;
import io.railhead.actors.weights.WeightsExchange;
import io.railhead.actors.weights.WeightsStore;
import io.railhead.actors.weights.port.PortTls;
import io.railhead.app.status.HeldWeights;
import io.railhead.app.status.NodeGauges;
import io.railhead.app.status.NodeSources;
import io.railhead.app.tracing.RolloutTraces;
import io.railhead.learner.Checkpoints;
import io.railhead.learner.Checkpoints.Checkpoint;
import io.railhead.policy.PolicyVersion;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.jspecify.annotations.Nullable;

/// Makes what a cluster node does in each life of a run. Thread-safe.
///
/// The node's weights port is of one life: the next life gets another one, with nothing in it, so that versions
/// of two lives cannot be taken for each other.
final class NodeLives implements Closeable {
    private final RunPlan plan;
    private final ClusterSettings settings;
    private final Path root;
    private final Optional<NodeIdentity> identity;
    private final RolloutTraces traces;
    private final Consumer<RunFact> facts;
    private final NodeGauges gauges = new NodeGauges(Clock.systemUTC());
    private final PictureShelf pictures;
    private Incarnation exchangeOf = Incarnation.NONE;
    private @Nullable WeightsExchange exchange;

    /// @param facts hears every fact of the run while its head is on this node
    NodeLives(
            RunPlan plan,
            ClusterSettings settings,
            Path root,
            Optional<NodeIdentity> identity,
            RolloutTraces traces,
            Consumer<RunFact> facts) {
        this.plan = plan;
        this.settings = settings;
        this.root = root;
        this.identity = identity;
        this.traces = traces;
        this.facts = facts;
        this.pictures = new PictureShelf(settings.pictureCache());
    }

    /// What the head is made with, if it comes to this node.
    Head.Charge charge(String who, ActorRef<Head.Word> node) {
        return new Head.Charge(
                Incarnations.in(root),
                who,
                settings.takeoverAfter(),
                plan.run().stallTimeout(),
                () -> Checkpoints.latest(root),
                this::controller,
                node);
    }

    /// Some of the node's roles.
    Behavior<MemberCommand> member(String id, Set<Role> roles, Consumer<RunEnded> over) {
        return NodeMember.create(
                id,
                roles,
                settings.headTimeout(),
                (incarnation, broke) -> NodeLife.create(roles, parts(roles, incarnation), gauges, traces, broke),
                over);
    }

    /// What a node says of itself to others.
    NodeSources sources(String address, Supplier<DeadLetterCounter.Counts> lost) {
        return new NodeSources(
                address,
                settings.roles(),
                plan.rolloutWorkers(),
                plan.stage().workerSilence(),
                this::present,
                this::weights,
                lost,
                gauges,
                plan.memory(settings.roles()).byOwner(),
                Optional.of(root)
                        .filter(_ -> settings.roles().contains(Role.CONTROLLER)
                                || settings.roles().contains(Role.LEARNER)));
    }

    private synchronized Incarnation present() {
        return exchangeOf;
    }

    private synchronized Optional<HeldWeights> weights() {
        return Optional.ofNullable(exchange).flatMap(NodeLives::held);
    }

    static Optional<HeldWeights> held(WeightsExchange exchange) {
        return exchange.store()
                .newest()
                .map(newest -> new HeldWeights(newest.version(), exchange.source(), exchange.address()));
    }

    /// `HOST:PORT`.
    static String nameOf(Address address) {
        return address.getHost().orElse("local") + ":" + address.getPort().orElse(0);
    }

    private Behavior<NodeLife.Command> controller(
            Life life, Optional<Checkpoint> from, Consumer<RunFact> alsoFacts, Consumer<RunEnded> ended)
            throws IOException {
        RunRecord record = RunRecord.open(
                root, plan.telemetry(), from.map(Checkpoint::version).orElse(PolicyVersion.BASE), life.fence());
        NodeParts parts = NodeParts.clustered(
                plan,
                root,
                life,
                WeightsExchange.inMemory(new WeightsStore(1)), // a controller has no weights
                pictures,
                from,
                Optional.of(record),
                facts.andThen(alsoFacts));
        return NodeLife.create(EnumSet.of(Role.CONTROLLER), parts, gauges, traces, ended);
    }

    private NodeParts parts(Set<Role> roles, Incarnation incarnation) throws IOException {
        Life life = roles.contains(Role.LEARNER) ? begun(incarnation) : new Life(Birth.anew(incarnation), Fence.open());
        return NodeParts.clustered(
                plan, root, life, exchange(incarnation), pictures, Optional.empty(), Optional.empty(), _ -> {});
    }

    /// The head writes a life's birth down before it tells of it.
    private Life begun(Incarnation incarnation) throws IOException {
        Incarnations lives = Incarnations.in(root);
        Birth birth = lives.lineage().births().get(incarnation);
        if (birth == null) {
            throw new IOException("%s does not hold the birth of %s: is it the same directory on all nodes?"
                    .formatted(root, incarnation));
        }
        return new Life(birth, lives.fence(incarnation));
    }

    private synchronized WeightsExchange exchange(Incarnation incarnation) throws IOException {
        if (exchange == null || !exchangeOf.equals(incarnation)) {
            close();
            exchange = WeightsExchange.listening(
                    new WeightsStore(plan.weights().keepVersions()),
                    plan.weights(),
                    settings.host(),
                    identity.map(PortTls::of),
                    identity.map(NodeIdentity::refusals).orElseGet(() -> new Refusals(Clock.systemUTC())));
            exchangeOf = incarnation;
        }
        return exchange;
    }

    @Override
    public synchronized void close() throws IOException {
        if (exchange != null) {
            exchange.close();
            exchange = null;
        }
    }
}
