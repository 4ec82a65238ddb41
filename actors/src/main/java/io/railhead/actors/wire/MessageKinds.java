package io.railhead.actors.wire;

import io.railhead.actors.protocol.ControlMessage;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// Which message some bytes are, without reading the message: for whoever decides if it may be read at all.
public final class MessageKinds {
    private static final int KRYO_OFFSET = 2; // Kryo writes a class id n as n + 2, for 0 and 1 have a meaning

    private MessageKinds() {}

    /// Whether the serializer is one of this project's.
    public static boolean isOurs(int serializer) {
        return serializer == ProtoSerializer.IDENTIFIER || serializer == KryoSerializer.IDENTIFIER;
    }

    /// @param serializer one of this project's
    /// @return empty if the bytes are no message of this release
    public static Optional<Class<?>> of(int serializer, String manifest, ByteBuffer payload) {
        return serializer == ProtoSerializer.IDENTIFIER ? wire(manifest) : control(payload);
    }

    /// Everything that [#of] may answer.
    public static Set<Class<?>> all() {
        Set<Class<?>> all = new LinkedHashSet<>();
        WireTable.ENTRIES.forEach(entry -> all.add(entry.type()));
        ControlTable.RECORDS.values().stream()
                .filter(ControlMessage.class::isAssignableFrom)
                .forEach(all::add);
        return all;
    }

    private static Optional<Class<?>> wire(String manifest) {
        return WireTable.ENTRIES.stream()
                .filter(entry -> entry.manifest().equals(manifest))
                .<Class<?>>map(WireTable.Entry::type)
                .findFirst();
    }

    private static Optional<Class<?>> control(ByteBuffer payload) {
        ByteBuffer bytes = payload.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        try {
            if (bytes.getInt() != ControlTable.FINGERPRINT) {
                return Optional.empty();
            }
            return Optional.ofNullable(ControlTable.RECORDS.get(varInt(bytes) - KRYO_OFFSET));
        } catch (BufferUnderflowException _) {
            return Optional.empty();
        }
    }

    private static int varInt(ByteBuffer bytes) {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 7) {
            byte next = bytes.get();
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        return 0;
    }
}
