package io.railhead.actors.weights;

import io.railhead.actors.protocol.WeightsCommand.Link;
import io.railhead.actors.protocol.WeightsCommand.Manifest;
import io.railhead.actors.protocol.WeightsCommand.ToFollower.WeightsPublished;
import io.railhead.actors.weights.WeightsStore.Held;
import io.railhead.actors.weights.delta.Transfer;
import io.railhead.actors.weights.delta.TransferManifest.Base;
import io.railhead.actors.weights.port.Hop;
import io.railhead.actors.weights.port.ManifestSigner;
import io.railhead.actors.weights.port.Offer;
import io.railhead.actors.weights.port.Received;
import io.railhead.actors.weights.port.WeightsClient;
import io.railhead.actors.weights.port.WeightsShelf;
import io.railhead.policy.WeightsSnapshot;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings a published version to this node: by the deltas that lead to it from what the node has, else by a snapshot.
///
/// The named nodes are asked in their order; one that fails costs its deadline and the next one is asked. If no node
/// gives a delta that can be used, each is asked for a snapshot. What arrives is put on the shelf for others at once.
final class WeightsFetch implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(WeightsFetch.class);

    private final WeightsClient client;
    private final WeightsShelf shelf;
    private final boolean signed;
    private volatile Optional<String> source = Optional.empty();

    /// @param signed whether only the publisher can make a manifest that others believe
    WeightsFetch(WeightsClient client, WeightsShelf shelf, boolean signed) {
        this.client = client;
        this.shelf = shelf;
        this.signed = signed;
    }

    /// HOST:PORT of the node that gave something last.
    Optional<String> source() {
        return source;
    }

    /// @param kept the newest contents of this node
    /// @throws IOException with each node's failure in its message
    Held fetch(WeightsPublished published, Optional<Held> kept) throws IOException {
        Manifest manifest = published.manifest();
        List<Hop> hops = kept.map(held -> hops(published, held)).orElse(List.of());
        hops.forEach(hop -> shelf.expect(hop.version()));
        shelf.expect(manifest.version());
        try {
            List<String> failures = new ArrayList<>();
            Optional<Held> fetched = Optional.empty();
            if (kept.isPresent() && !hops.isEmpty()) {
                fetched = byDeltas(published, hops, kept.get(), failures);
            }
            if (fetched.isEmpty()) {
                fetched = bySnapshot(published, failures);
            }
            return fetched.orElseThrow(() -> new IOException(String.join("; ", failures)));
        } finally {
            hops.forEach(hop -> shelf.arrived(hop.version()));
            shelf.arrived(manifest.version());
        }
    }

    /// The deltas from what is here to what was published; none if the chain does not come by here.
    static List<Hop> hops(WeightsPublished published, Held kept) {
        Base here = new Base(kept.snapshot().version(), kept.root());
        Base next =
                new Base(published.manifest().version(), published.manifest().root());
        List<Hop> hops = new ArrayList<>();
        for (Link link : published.chain()) {
            Base base = new Base(link.version(), link.root());
            hops.add(new Hop(next.version(), next.root(), Optional.of(base)));
            if (base.equals(here)) {
                Collections.reverse(hops);
                return List.copyOf(hops);
            }
            next = base;
        }
        return List.of();
    }

    /// A hop that one node gave is not asked of the next one again.
    private Optional<Held> byDeltas(WeightsPublished published, List<Hop> hops, Held kept, List<String> failures) {
        Held at = kept;
        int done = 0;
        for (String source : published.sources()) {
            try {
                while (done < hops.size()) {
                    at = fetch(source, hops.get(done), Optional.of(at.snapshot()), published.manifest());
                    done++;
                }
                return Optional.of(at);
            } catch (IOException e) {
                note(failures, source, hops.get(done), e);
            }
        }
        return Optional.empty();
    }

    private Optional<Held> bySnapshot(WeightsPublished published, List<String> failures) {
        Hop hop = Hop.snapshot(
                published.manifest().version(), published.manifest().root());
        for (String source : published.sources()) {
            try {
                return Optional.of(fetch(source, hop, Optional.empty(), published.manifest()));
            } catch (IOException e) {
                note(failures, source, hop, e);
            }
        }
        return Optional.empty();
    }

    private static void note(List<String> failures, String source, Hop hop, IOException e) {
        LOG.warn("weights not fetched: source={} hop={} cause={}", source, hop, e.toString());
        failures.add("%s from %s: %s".formatted(hop, source, e.getMessage()));
    }

    private Held fetch(String source, Hop hop, Optional<WeightsSnapshot> base, Manifest manifest) throws IOException {
        try (WeightsClient.Session session = client.connect(addressOf(source))) {
            Received received = session.fetch(hop, base, manifest.byteCount());
            keepForOthers(received);
            this.source = Optional.of(source);
            return new Held(received.snapshot(), hop.root());
        }
    }

    /// With signatures a snapshot can be handed on only as it came; without, any node makes one of what it has.
    private void keepForOthers(Received received) {
        shelf.put(received.offer().hop(), received::offer);
        if (!signed && received.offer().hop().base().isPresent()) {
            Transfer snapshot = Transfer.snapshot(received.snapshot(), received.sums());
            Offer offer = Offer.of(snapshot, ManifestSigner.NONE);
            shelf.put(offer.hop(), () -> offer);
        }
    }

    private static InetSocketAddress addressOf(String source) throws IOException {
        int colon = source.lastIndexOf(':');
        if (colon < 1 || !source.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw new IOException("\"" + source + "\" is no HOST:PORT");
        }
        int number = Integer.parseInt(source.substring(colon + 1));
        if (number > 65_535) {
            throw new IOException("\"" + source + "\" names no port");
        }
        return new InetSocketAddress(source.substring(0, colon), number);
    }

    @Override
    public void close() {
        client.close();
    }
}
