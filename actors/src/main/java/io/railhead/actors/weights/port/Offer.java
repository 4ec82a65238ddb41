package io.railhead.actors.weights.port;

import com.google.protobuf.ByteString;
import io.railhead.actors.weights.delta.Transfer;
import io.railhead.protos.v1.SignedWeightsTransfer;

/// A transfer with its manifest in the very bytes that the publisher signed, ready to be sent by any node.
public record Offer(Transfer transfer, SignedWeightsTransfer manifest) {
    /// What the publisher makes of a transfer. With a signature it takes the digests of all chunks.
    public static Offer of(Transfer transfer, ManifestSigner signer) {
        Transfer signed = signer.signs() ? transfer.withDigests() : transfer;
        ByteString bytes = TransferCodec.toProto(signed.manifest()).toByteString();
        return new Offer(
                signed,
                SignedWeightsTransfer.newBuilder()
                        .setTransfer(bytes)
                        .setSignature(ByteString.copyFrom(signer.sign(bytes.toByteArray())))
                        .build());
    }

    public Hop hop() {
        return Hop.of(transfer.manifest());
    }
}
