package io.railhead.actors.weights.port;

import com.google.protobuf.InvalidProtocolBufferException;
import io.railhead.actors.weights.delta.Assembly;
import io.railhead.actors.weights.delta.BlockWorkers;
import io.railhead.actors.weights.delta.Chunk;
import io.railhead.actors.weights.delta.ContentMemory;
import io.railhead.actors.weights.delta.DamagedWeightsException;
import io.railhead.actors.weights.delta.TransferManifest;
import io.railhead.policy.WeightsSnapshot;
import io.railhead.protos.v1.SignedWeightsTransfer;
import io.railhead.protos.v1.WeightsAnswer;
import io.railhead.protos.v1.WeightsTransfer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/// Fetches weights from other nodes' ports. Thread-safe; each session is one thread's.
public final class WeightsClient implements Closeable {
    private static final int ANSWER_LIMIT =
            64 << 20; // bytes of a manifest: enough for hundreds of thousands of tensors

    private final PortLimits limits;
    private final Optional<PortTls> tls;
    private final ManifestVerifier verifier;
    private final ContentMemory memory;
    private final BlockWorkers workers;
    private final LinkWatch watch;

    /// @param memory for new contents
    public WeightsClient(
            PortLimits limits,
            Optional<PortTls> tls,
            ManifestVerifier verifier,
            ContentMemory memory,
            BlockWorkers workers) {
        this.limits = limits;
        this.tls = tls;
        this.verifier = verifier;
        this.memory = memory;
        this.workers = workers;
        this.watch = new LinkWatch(limits.idle());
    }

    /// @throws IOException if nobody answers there within the idle limit
    public Session connect(InetSocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(address, Math.toIntExact(limits.idle().toMillis()));
            Link link = tls.isPresent()
                    ? TlsLink.connected(channel, tls.get(), address.getHostString(), address.getPort())
                    : new PlainLink(channel);
            watch.add(link);
            return new Session(link);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// Ends all sessions.
    @Override
    public void close() {
        watch.close();
    }

    /// A connection to one node. After an exception it is of no more use.
    public final class Session implements Closeable {
        private final Link link;

        private Session(Link link) {
            this.link = link;
        }

        /// @param base the contents that the hop starts from
        /// @param byteCount of all contents, as announced: nothing larger is received
        /// @return what was asked for, verified, with the transfer for others
        /// @throws TransferRefusedException if the node does not have it
        /// @throws DamagedWeightsException if what came is not what was asked for
        public Received fetch(Hop hop, Optional<WeightsSnapshot> base, long byteCount) throws IOException {
            link.moved();
            link.endBy(System.nanoTime() + limits.transfer().toNanos());
            Frames.write(link, hop.toProto());
            WeightsAnswer answer = answer();
            while (answer.getAnswerCase() == WeightsAnswer.AnswerCase.COMING) { // the watch ends this at the latest
                answer = answer();
            }
            return switch (answer.getAnswerCase()) {
                case TRANSFER -> receive(answer.getTransfer(), hop, base, byteCount);
                case REFUSAL -> throw new TransferRefusedException(answer.getRefusal());
                case COMING, ANSWER_NOT_SET -> throw new DamagedWeightsException("the answer is empty");
            };
        }

        private WeightsAnswer answer() throws IOException {
            return Frames.read(link, WeightsAnswer.parser(), ANSWER_LIMIT)
                    .orElseThrow(() -> new IOException("the connection ended before the answer"));
        }

        private Received receive(SignedWeightsTransfer signed, Hop hop, Optional<WeightsSnapshot> base, long byteCount)
                throws IOException {
            TransferManifest manifest = manifest(signed, hop, byteCount);
            try (Assembly assembly = Assembly.of(
                    manifest, base, hop.base().map(TransferManifest.Base::root).orElse(""), memory, workers)) {
                ByteBuffer bytes = ByteBuffer.allocate(Chunk.Header.BYTES);
                while (assembly.chunksLeft() > 0) {
                    link.readFully(bytes.clear());
                    Chunk.Header header = Chunk.Header.parse(bytes.flip());
                    link.readFully(assembly.bufferFor(header));
                    assembly.filled(header);
                }
                Assembly.Verified verified = assembly.finish();
                return new Received(verified.snapshot(), verified.sums(), new Offer(verified.transfer(), signed));
            }
        }

        private TransferManifest manifest(SignedWeightsTransfer signed, Hop hop, long byteCount)
                throws DamagedWeightsException {
            verifier.verify(
                    signed.getTransfer().toByteArray(), signed.getSignature().toByteArray());
            TransferManifest manifest = parsed(signed);
            if (verifier.demandsDigests() && manifest.digests().isEmpty()) {
                throw new DamagedWeightsException("the signed manifest of " + hop + " has no digests");
            }
            if (!Hop.of(manifest).equals(hop)) {
                throw new DamagedWeightsException("%s with the root %s came instead of %s with the root %s"
                        .formatted(Hop.of(manifest), manifest.root(), hop, hop.root()));
            }
            if (byteCountOf(manifest) != byteCount) {
                throw new DamagedWeightsException(
                        "%s has %d bytes of weights instead of %d".formatted(hop, byteCountOf(manifest), byteCount));
            }
            return manifest;
        }

        @Override
        public void close() throws IOException {
            watch.remove(link);
            link.close();
        }
    }

    private static TransferManifest parsed(SignedWeightsTransfer signed) throws DamagedWeightsException {
        try {
            return TransferCodec.fromProto(WeightsTransfer.parseFrom(signed.getTransfer()));
        } catch (InvalidProtocolBufferException e) {
            throw new DamagedWeightsException("the manifest is no Protobuf of its kind: " + e.getMessage(), e);
        }
    }

    private static long byteCountOf(TransferManifest manifest) throws DamagedWeightsException {
        try {
            return manifest.layout().byteCount();
        } catch (ArithmeticException e) {
            throw new DamagedWeightsException("the tensors have more bytes than can be counted", e);
        }
    }
}
