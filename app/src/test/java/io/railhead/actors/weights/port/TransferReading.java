package io.railhead.actors.weights.port;

import com.google.protobuf.InvalidProtocolBufferException;
import io.railhead.actors.weights.delta.DamagedWeightsException;
import io.railhead.protos.v1.WeightsTransfer;

/// What a client of the weights port reads of a transfer's manifest.
public final class TransferReading {
    private TransferReading() {}

    public static void read(byte[] manifest) throws InvalidProtocolBufferException, DamagedWeightsException {
        TransferCodec.fromProto(WeightsTransfer.parseFrom(manifest));
    }
}
