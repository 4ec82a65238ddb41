package io.railhead.actors.cluster.gate;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// The fields of a Protobuf message whose schema is not at hand, by their numbers.
record Fields(UnknownFieldSet set) {
    static Fields of(ByteBuffer bytes) throws IOException {
        return new Fields(UnknownFieldSet.parseFrom(ByteString.copyFrom(bytes.duplicate())));
    }

    /// The last value, as Protobuf's readers take it.
    int number(int field) throws IOException {
        return set.getField(field).getVarintList().stream()
                .reduce((_, last) -> last)
                .orElseThrow(() -> absent(field))
                .intValue();
    }

    ByteBuffer bytes(int field) throws IOException {
        List<ByteString> values = set.getField(field).getLengthDelimitedList();
        if (values.size() != 1) { // several would be merged by Pekko, and are never sent
            throw absent(field);
        }
        return values.getFirst().asReadOnlyByteBuffer();
    }

    /// Empty if the field is not there.
    String text(int field) throws IOException {
        List<String> values = texts(field);
        if (values.size() > 1) {
            throw absent(field);
        }
        return values.isEmpty() ? "" : values.getFirst();
    }

    List<String> texts(int field) {
        return set.getField(field).getLengthDelimitedList().stream()
                .map(ByteString::toStringUtf8)
                .toList();
    }

    private static IOException absent(int field) {
        return new InvalidProtocolBufferException("field " + field + " is not there once");
    }
}
