package io.railhead.actors.weights;

import io.railhead.actors.protocol.WeightsCommand.ToFollower.WeightsPublished;
import io.railhead.actors.security.Refusals;
import io.railhead.actors.weights.WeightsStore.Held;
import io.railhead.actors.weights.delta.BlockWorkers;
import io.railhead.actors.weights.delta.ContentSums;
import io.railhead.actors.weights.delta.Transfer;
import io.railhead.actors.weights.delta.WeightsLayout;
import io.railhead.actors.weights.port.Hop;
import io.railhead.actors.weights.port.ManifestKeys;
import io.railhead.actors.weights.port.ManifestSigner;
import io.railhead.actors.weights.port.ManifestVerifier;
import io.railhead.actors.weights.port.Offer;
import io.railhead.actors.weights.port.PortTls;
import io.railhead.actors.weights.port.WeightsClient;
import io.railhead.actors.weights.port.WeightsServer;
import io.railhead.actors.weights.port.WeightsShelf;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/// A node's part in the distribution of weights: its store, and its weights port unless it is alone in its JVM.
///
/// Thread-safe. Everything here that takes long blocks its caller: publisher and follower call it on other threads.
public final class WeightsExchange implements Closeable {
    private static final BlockWorkers WORKERS = BlockWorkers.ofThisMachine();

    private final WeightsStore store;
    private final int fanOut;
    private final int keepDeltas;
    private final Optional<Port> port;

    private record Port(
            String address,
            WeightsServer server,
            WeightsShelf shelf,
            ManifestSigner signer,
            WeightsFetch fetch,
            ReadyMemory memory) {}

    private WeightsExchange(WeightsStore store, int fanOut, int keepDeltas, Optional<Port> port) {
        this.store = store;
        this.fanOut = fanOut;
        this.keepDeltas = keepDeltas;
        this.port = port;
    }

    /// Of a JVM that is alone: contents go by reference.
    public static WeightsExchange inMemory(WeightsStore store) {
        return new WeightsExchange(store, 1, 0, Optional.empty());
    }

    /// Of a cluster node, listening.
    ///
    /// With TLS the learner signs what it publishes with its node's key, unless there is a key for that alone.
    ///
    /// @param host where others reach this node
    /// @param refusals where peers that are refused are named
    /// @throws IOException if the port cannot be listened at
    public static WeightsExchange listening(
            WeightsStore store, WeightsSettings settings, String host, Optional<PortTls> tls, Refusals refusals)
            throws IOException {
        WeightsSettings.Port own = settings.port();
        WeightsShelf shelf = new WeightsShelf(settings.keepVersions(), own.keepDeltas());
        ManifestSigner signer = own.signingKey().isPresent()
                ? ManifestKeys.signer(own.signingKey())
                : tls.map(with -> ManifestSigner.of(with.identity())).orElse(ManifestSigner.NONE);
        ManifestVerifier verifier = own.verificationKey().isPresent()
                ? ManifestKeys.verifier(own.verificationKey())
                : tls.map(with -> ManifestVerifier.of(with.identity())).orElse(ManifestVerifier.NONE);
        ReadyMemory memory = new ReadyMemory();
        WeightsServer server =
                WeightsServer.listen(new InetSocketAddress(host, own.number()), shelf, own.limits(), tls, refusals);
        WeightsClient client = new WeightsClient(own.limits(), tls, verifier, memory, WORKERS);
        WeightsFetch fetch = new WeightsFetch(client, shelf, verifier.demandsDigests());
        Port port = new Port(host + ":" + server.port(), server, shelf, signer, fetch, memory);
        return new WeightsExchange(store, own.fanOut(), own.keepDeltas(), Optional.of(port));
    }

    public WeightsStore store() {
        return store;
    }

    /// As in a manifest's location: HOST:PORT, or "memory:" of a JVM that is alone. Whoever has the same address shares
    /// the store.
    public String address() {
        return port.map(Port::address).orElse(WeightsStore.MEMORY);
    }

    /// HOST:PORT of the node that the newest weights came from; empty if none came from another node.
    public Optional<String> source() {
        return port.flatMap(own -> own.fetch().source());
    }

    /// All bytes that left by the port.
    public long bytesSent() {
        return port.map(own -> own.server().bytesSent()).orElse(0L);
    }

    RelayTree tree() {
        return new RelayTree(fanOut, address());
    }

    int keepDeltas() {
        return keepDeltas;
    }

    /// Encodes a version and puts it where other nodes get it.
    ///
    /// @param before what was offered last, if anything was
    /// @return whether a delta leads from there to here
    boolean offer(Optional<Held> before, Held now) {
        Port own = port.orElseThrow(() -> new IllegalStateException("a JVM that is alone offers nothing"));
        own.shelf().put(Hop.snapshot(now.snapshot().version(), now.root()), () -> offerOf(snapshotOf(now), own));
        if (before.isEmpty() || keepDeltas == 0 || !haveSameTensors(before.get(), now)) {
            return false;
        }
        Transfer delta = Transfer.delta(before.get().snapshot(), before.get().root(), now.snapshot(), WORKERS);
        Offer signed = offerOf(delta, own);
        own.shelf().put(signed.hop(), () -> signed);
        return true;
    }

    private static boolean haveSameTensors(Held before, Held now) {
        return WeightsLayout.of(before.snapshot()).equals(WeightsLayout.of(now.snapshot()));
    }

    private static Transfer snapshotOf(Held held) {
        return Transfer.snapshot(held.snapshot(), ContentSums.of(held.snapshot(), WORKERS));
    }

    private static Offer offerOf(Transfer transfer, Port own) {
        return Offer.of(transfer, own.signer());
    }

    /// Gets what was published from the nodes that are named, and keeps it for others; the store is left to the caller.
    ///
    /// @throws IOException with each node's failure in its message
    Held fetch(WeightsPublished published) throws IOException {
        if (port.isEmpty() || published.sources().isEmpty()) {
            throw new IOException(
                    published.manifest().version() + " is not in this JVM, and no node is named that has it");
        }
        return port.get().fetch().fetch(published, store.newestHeld());
    }

    /// Makes memory ready for the next fetch, with the newest contents in it.
    void prepare() {
        port.ifPresent(own -> own.memory().prepare(store.newestHeld().map(Held::snapshot)));
    }

    @Override
    public void close() throws IOException {
        if (port.isPresent()) {
            port.get().fetch().close();
            port.get().server().close();
        }
    }
}
