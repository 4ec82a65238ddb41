package io.railhead.actors.weights.port;

import com.google.protobuf.ByteString;
import io.railhead.actors.weights.delta.DamagedWeightsException;
import io.railhead.actors.weights.delta.TransferManifest;
import io.railhead.actors.weights.delta.TransferManifest.Base;
import io.railhead.actors.weights.delta.WeightsLayout;
import io.railhead.policy.NamedTensor.ElementType;
import io.railhead.policy.PolicyVersion;
import io.railhead.protos.v1.WeightsTransfer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The manifest of one transfer of weights, as it goes through the weights port.
final class TransferCodec {
    private static final int HASH_BYTES = 32;

    private TransferCodec() {}

    static WeightsTransfer toProto(TransferManifest manifest) {
        WeightsTransfer.Builder proto = WeightsTransfer.newBuilder()
                .setVersion(manifest.version().number())
                .setRoot(hash(manifest.root()));
        manifest.base().ifPresent(base -> proto.setBase(toProto(base)));
        List<WeightsLayout.Tensor> tensors = manifest.layout().tensors();
        for (int i = 0; i < tensors.size(); i++) {
            WeightsTransfer.Tensor.Builder tensor = proto.addTensorsBuilder()
                    .setName(tensors.get(i).name())
                    .setType(tensors.get(i).type().name())
                    .addAllShape(tensors.get(i).shape());
            if (!manifest.digests().isEmpty()) {
                tensor.setSha256(hash(manifest.digests().get(i)));
            }
        }
        return proto.build();
    }

    static WeightsTransfer.Base toProto(Base base) {
        return WeightsTransfer.Base.newBuilder()
                .setVersion(base.version().number())
                .setRoot(hash(base.root()))
                .build();
    }

    /// @throws DamagedWeightsException naming the field that no manifest can have
    static TransferManifest fromProto(WeightsTransfer proto) throws DamagedWeightsException {
        List<WeightsLayout.Tensor> tensors = new ArrayList<>();
        List<String> digests = new ArrayList<>();
        for (WeightsTransfer.Tensor tensor : proto.getTensorsList()) {
            tensors.add(tensor(tensor));
            if (!tensor.getSha256().isEmpty()) {
                digests.add(hash(tensor.getSha256(), "sha256 of " + tensor.getName()));
            }
        }
        try {
            return new TransferManifest(
                    version(proto.getVersion()),
                    hash(proto.getRoot(), "root"),
                    proto.hasBase() ? Optional.of(fromProto(proto.getBase())) : Optional.empty(),
                    new WeightsLayout(tensors),
                    digests);
        } catch (IllegalArgumentException e) {
            throw new DamagedWeightsException("manifest of v%d: %s".formatted(proto.getVersion(), e.getMessage()), e);
        }
    }

    static Base fromProto(WeightsTransfer.Base proto) throws DamagedWeightsException {
        return new Base(version(proto.getVersion()), hash(proto.getRoot(), "root of the base"));
    }

    static PolicyVersion version(long number) throws DamagedWeightsException {
        return new PolicyVersion(notNegative(number, "version"));
    }

    /// @param hash 64 hexadecimal digits
    static ByteString hash(String hash) {
        return ByteString.copyFrom(HexFormat.of().parseHex(hash));
    }

    static String hash(ByteString hash, String what) throws DamagedWeightsException {
        if (hash.size() != HASH_BYTES) {
            throw new DamagedWeightsException(
                    "the %s has %d bytes instead of %d".formatted(what, hash.size(), HASH_BYTES));
        }
        return HexFormat.of().formatHex(hash.toByteArray());
    }

    private static WeightsLayout.Tensor tensor(WeightsTransfer.Tensor proto) throws DamagedWeightsException {
        ElementType type = Arrays.stream(ElementType.values())
                .filter(known -> known.name().equals(proto.getType()))
                .findFirst()
                .orElseThrow(() -> new DamagedWeightsException(
                        "tensor %s is of the unknown type %s".formatted(proto.getName(), proto.getType())));
        long bytes = type.bytes();
        for (long extent : proto.getShapeList()) {
            notNegative(extent, "shape of " + proto.getName());
            if (extent != 0 && bytes > Long.MAX_VALUE / extent) {
                throw new DamagedWeightsException(
                        "tensor %s has too many elements: %s".formatted(proto.getName(), proto.getShapeList()));
            }
            bytes *= extent;
        }
        return new WeightsLayout.Tensor(proto.getName(), type, proto.getShapeList());
    }

    /// Protobuf's unsigned numbers are signed in Java.
    private static long notNegative(long number, String what) throws DamagedWeightsException {
        if (number < 0) {
            throw new DamagedWeightsException(
                    "the %s is out of range: %s".formatted(what, Long.toUnsignedString(number)));
        }
        return number;
    }
}
