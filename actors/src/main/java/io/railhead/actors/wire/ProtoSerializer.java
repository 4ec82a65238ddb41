package io.railhead.actors.wire;

import org.apache.pekko.serialization.SerializerWithStringManifest;

/// Pekko's way to the Protobuf messages of [WireTable]. Stateless.
public final class ProtoSerializer extends SerializerWithStringManifest {
    /// Part of the wire format: never change it.
    static final int IDENTIFIER = 7_241_001;

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        return WireTable.of(message).manifest();
    }

    @Override
    public byte[] toBinary(Object message) {
        return WireTable.of(message).toBytes(message);
    }

    /// @throws MalformedMessageException if these are not the bytes of such a message
    @Override
    public Object fromBinary(byte[] bytes, String manifest) {
        return WireTable.of(manifest).fromBytes(bytes);
    }
}
