package io.railhead.actors.weights.port;

import io.railhead.actors.weights.delta.DamagedWeightsException;
import io.railhead.actors.weights.delta.TransferManifest;
import io.railhead.actors.weights.delta.TransferManifest.Base;
import io.railhead.policy.PolicyVersion;
import io.railhead.protos.v1.WeightsRequest;
import java.util.Optional;

/// What one transfer leads to, and from where.
///
/// @param root of the contents
/// @param base empty for a snapshot
public record Hop(PolicyVersion version, String root, Optional<Base> base) {
    public static Hop snapshot(PolicyVersion version, String root) {
        return new Hop(version, root, Optional.empty());
    }

    public static Hop of(TransferManifest manifest) {
        return new Hop(manifest.version(), manifest.root(), manifest.base());
    }

    WeightsRequest toProto() {
        WeightsRequest.Builder proto =
                WeightsRequest.newBuilder().setVersion(version.number()).setRoot(TransferCodec.hash(root));
        base.ifPresent(b -> proto.setBase(TransferCodec.toProto(b)));
        return proto.build();
    }

    static Hop fromProto(WeightsRequest proto) throws DamagedWeightsException {
        return new Hop(
                TransferCodec.version(proto.getVersion()),
                TransferCodec.hash(proto.getRoot(), "root"),
                proto.hasBase() ? Optional.of(TransferCodec.fromProto(proto.getBase())) : Optional.empty());
    }

    /// `v3 from v2`, or `v3` for a snapshot.
    @Override
    public String toString() {
        return version + base.map(b -> " from " + b.version()).orElse("");
    }
}
