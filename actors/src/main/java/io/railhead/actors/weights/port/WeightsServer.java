package io.railhead.actors.weights.port;

import io.railhead.actors.security.Refusals;
import io.railhead.actors.weights.delta.Chunk;
import io.railhead.actors.weights.delta.DamagedWeightsException;
import io.railhead.actors.weights.delta.Transfer;
import io.railhead.protos.v1.WeightsAnswer;
import io.railhead.protos.v1.WeightsRequest;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listens at the weights port and hands out what the node holds.
///
/// A connection carries requests one after the other: for each a manifest and its chunks, or a refusal in words. A peer
/// that says anything else is named in the log, once, and its connection closed; nothing of that disturbs the others.
/// Threads: one that listens, one for each open connection, of which there are no more than the limit, one that
/// watches.
public final class WeightsServer implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(WeightsServer.class);
    private static final int REQUEST_LIMIT = 1 << 12; // bytes

    /// What a node holds.
    public interface Source {
        /// Waits no longer than `patience` for something that the node does not hold yet.
        Answer find(Hop hop, Duration patience) throws InterruptedException;
    }

    /// What a node says about a hop.
    public sealed interface Answer {
        record Found(Offer offer) implements Answer {}

        /// The node is fetching that version.
        record Coming() implements Answer {}

        record NotHere() implements Answer {}
    }

    private final ServerSocketChannel listener;
    private final Source source;
    private final PortLimits limits;
    private final Optional<PortTls> tls;
    private final LinkWatch watch;
    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("weights-server-", 1).factory());
    private final Semaphore free;
    private final Refusals refusals;
    private final AtomicLong bytesSent = new AtomicLong();

    private WeightsServer(
            ServerSocketChannel listener, Source source, PortLimits limits, Optional<PortTls> tls, Refusals refusals) {
        this.listener = listener;
        this.source = source;
        this.limits = limits;
        this.tls = tls;
        this.refusals = refusals;
        this.watch = new LinkWatch(limits.idle());
        this.free = new Semaphore(limits.connections());
    }

    /// @param address port 0 takes any free one
    /// @param tls with it, both sides show certificates
    /// @param refusals where peers that are refused are named, once
    /// @throws IOException if the address cannot be listened at
    public static WeightsServer listen(
            InetSocketAddress address, Source source, PortLimits limits, Optional<PortTls> tls, Refusals refusals)
            throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        try {
            listener.bind(address);
        } catch (IOException e) {
            listener.close();
            throw new IOException("cannot listen at %s: %s".formatted(address, e.getMessage()), e);
        }
        WeightsServer server = new WeightsServer(listener, source, limits, tls, refusals);
        server.threads.execute(server::accept);
        return server;
    }

    public int port() {
        try {
            return ((InetSocketAddress) listener.getLocalAddress()).getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All bytes of manifests and chunks that left here.
    public long bytesSent() {
        return bytesSent.get();
    }

    private void accept() {
        while (listener.isOpen()) {
            try {
                SocketChannel channel = listener.accept();
                if (free.tryAcquire()) {
                    threads.execute(() -> serve(channel));
                } else {
                    refusals.refused(hostOf(channel), "too many connections at the weights port");
                    channel.close();
                }
            } catch (ClosedChannelException _) {
                return; // by close()
            } catch (IOException e) { // of one peer, or too many open files: the next may do better
                LOG.warn("weights port did not accept a connection: {}", e.getMessage());
            }
        }
    }

    private void serve(SocketChannel channel) {
        try (channel;
                Link link = link(channel)) {
            watch.add(link);
            try {
                serve(link);
            } finally {
                watch.remove(link);
            }
        } catch (DamagedWeightsException | SSLException | SocketTimeoutException e) {
            if (listener.isOpen()) {
                refusals.refused(hostOf(channel), "at the weights port: " + e.getMessage());
            }
        } catch (IOException e) { // the peer went away; it will be back, or another node takes its place
            LOG.debug("a connection to the weights port ended early: {}", e.toString());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // by close()
        } finally {
            free.release();
        }
    }

    private static String hostOf(SocketChannel channel) {
        SocketAddress address = channel.socket().getRemoteSocketAddress(); // survives the close, unlike the channel's
        return address instanceof InetSocketAddress inet ? inet.getAddress().getHostAddress() : "unknown";
    }

    private Link link(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return tls.isPresent() ? TlsLink.accepted(channel, tls.get()) : new PlainLink(channel);
    }

    private void serve(Link link) throws IOException, InterruptedException {
        for (Optional<WeightsRequest> request = next(link); request.isPresent(); request = next(link)) {
            link.endBy(System.nanoTime() + limits.transfer().toNanos());
            answer(link, Hop.fromProto(request.get()));
        }
    }

    /// While it comes, the asker is told so again and again: a node that waits is told from one that hangs.
    private void answer(Link link, Hop hop) throws IOException, InterruptedException {
        Answer answer = source.find(hop, limits.patience());
        while (answer instanceof Answer.Coming) {
            Frames.write(link, WeightsAnswer.newBuilder().setComing(true).build());
            answer = source.find(hop, limits.patience());
        }
        link.moved();
        switch (answer) {
            case Answer.Found(Offer offer) -> send(link, offer);
            case Answer.Coming _, Answer.NotHere _ ->
                Frames.write(
                        link,
                        WeightsAnswer.newBuilder()
                                .setRefusal(hop + " is not here")
                                .build());
        }
    }

    private static Optional<WeightsRequest> next(Link link) throws IOException {
        return Frames.read(link, WeightsRequest.parser(), REQUEST_LIMIT);
    }

    private void send(Link link, Offer offer) throws IOException {
        WeightsAnswer answer =
                WeightsAnswer.newBuilder().setTransfer(offer.manifest()).build();
        Frames.write(link, answer);
        bytesSent.addAndGet(answer.getSerializedSize());
        Transfer transfer = offer.transfer();
        for (int i = 0; i < transfer.chunkCount(); i++) {
            Chunk chunk = transfer.chunk(i);
            ByteBuffer payload = chunk.payload().duplicate();
            ByteBuffer header = ByteBuffer.wrap(chunk.header().bytes());
            link.writeFully(payload.hasRemaining() ? new ByteBuffer[] {header, payload} : new ByteBuffer[] {header});
            bytesSent.addAndGet(chunk.byteCount());
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        watch.close();
        threads.shutdownNow();
    }
}
