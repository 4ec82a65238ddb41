package io.railhead.actors.wire;

import static io.railhead.actors.wire.Checks.notNegative;

import io.railhead.actors.protocol.WeightsCommand.Manifest;
import io.railhead.protos.v1.WeightsManifest;

/// The manifest of weights on the wire and beside a weights file.
public final class WeightsCodec {
    private WeightsCodec() {}

    public static WeightsManifest toProto(Manifest manifest) {
        return WeightsManifest.newBuilder()
                .setVersion(manifest.version().number())
                .setSha256(manifest.sha256())
                .setByteCount(manifest.byteCount())
                .setLocation(manifest.location())
                .build();
    }

    public static Manifest fromProto(WeightsManifest proto) {
        if (!proto.getSha256().matches("[0-9a-f]{64}")) {
            throw new MalformedMessageException(
                    "WeightsManifest.sha256 is not 64 hexadecimal digits: " + proto.getSha256());
        }
        return new Manifest(
                Checks.version(proto.getVersion(), "WeightsManifest.version"),
                proto.getSha256(),
                notNegative(proto.getByteCount(), "WeightsManifest.byte_count"),
                proto.getLocation());
    }
}
