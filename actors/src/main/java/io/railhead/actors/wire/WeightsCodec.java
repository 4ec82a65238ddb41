package io.railhead.actors.wire;

import static io.railhead.actors.wire.Checks.notNegative;

import com.google.protobuf.ByteString;
import io.railhead.actors.protocol.WeightsCommand.Link;
import io.railhead.actors.protocol.WeightsCommand.Manifest;
import io.railhead.actors.protocol.WeightsCommand.ToFollower.WeightsPublished;
import io.railhead.protos.v1.WeightsManifest;
import io.railhead.protos.v1.WeightsTransfer;
import java.util.HexFormat;

/// The news of published weights on the wire.
public final class WeightsCodec {
    private static final int HASH_BYTES = 32;

    private WeightsCodec() {}

    public static WeightsManifest toProto(WeightsPublished published) {
        Manifest manifest = published.manifest();
        return WeightsManifest.newBuilder()
                .setVersion(manifest.version().number())
                .setRoot(manifest.root())
                .setByteCount(manifest.byteCount())
                .setLocation(manifest.location())
                .addAllChain(Checks.each(published.chain(), WeightsCodec::link))
                .addAllSources(published.sources())
                .build();
    }

    public static WeightsPublished fromProto(WeightsManifest proto) {
        if (!proto.getRoot().matches("[0-9a-f]{64}")) {
            throw new MalformedMessageException(
                    "WeightsManifest.root is not 64 hexadecimal digits: " + proto.getRoot());
        }
        Manifest manifest = new Manifest(
                Checks.version(proto.getVersion(), "WeightsManifest.version"),
                proto.getRoot(),
                notNegative(proto.getByteCount(), "WeightsManifest.byte_count"),
                proto.getLocation());
        return new WeightsPublished(
                manifest, Checks.each(proto.getChainList(), WeightsCodec::link), proto.getSourcesList());
    }

    private static WeightsTransfer.Base link(Link link) {
        return WeightsTransfer.Base.newBuilder()
                .setVersion(link.version().number())
                .setRoot(ByteString.copyFrom(HexFormat.of().parseHex(link.root())))
                .build();
    }

    private static Link link(WeightsTransfer.Base proto) {
        if (proto.getRoot().size() != HASH_BYTES) {
            throw new MalformedMessageException(
                    "WeightsManifest.chain.root has " + proto.getRoot().size() + " bytes instead of " + HASH_BYTES);
        }
        return new Link(
                Checks.version(proto.getVersion(), "WeightsManifest.chain.version"),
                HexFormat.of().formatHex(proto.getRoot().toByteArray()));
    }
}
