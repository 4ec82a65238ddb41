package io.railhead.actors.wire;

import static io.railhead.actors.wire.Checks.present;
import static io.railhead.actors.wire.Checks.valid;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.railhead.policy.EncodedImage;
import io.railhead.protos.v1.Image;

/// Pictures on the wire: by name, or whole. What comes whole is what its hash says.
public final class PictureCodec {
    /// No picture is bigger: the largest message that can be configured.
    static final long MAX_BYTES = 256L << 20;

    private PictureCodec() {}

    /// The picture by its hash and size.
    public static Image named(EncodedImage image) {
        return Image.newBuilder()
                .setSha256(image.sha256())
                .setByteCount(image.byteCount())
                .build();
    }

    /// The picture with its bytes.
    ///
    /// @throws IllegalStateException if they are elsewhere
    public static Image whole(EncodedImage image) {
        ByteString data = UnsafeByteOperations.unsafeWrap(image.toByteArray()); // a copy of our own already
        return named(image).toBuilder().setData(data).build();
    }

    /// Bytes of `whole`, wherever those of the picture are.
    static long wholeSize(EncodedImage image) {
        return named(image).getSerializedSize()
                + CodedOutputStream.computeTagSize(Image.DATA_FIELD_NUMBER)
                + CodedOutputStream.computeUInt32SizeNoTag(image.byteCount())
                + (long) image.byteCount();
    }

    static EncodedImage wholeFromProto(Image proto) {
        present(!proto.getData().isEmpty(), "Image.data");
        return fromProto(proto);
    }

    static EncodedImage fromProto(Image proto) {
        return proto.getData().isEmpty() ? namedFromProto(proto) : checked(proto);
    }

    private static EncodedImage namedFromProto(Image proto) {
        long count = proto.getByteCount();
        if (count < 1 || count > MAX_BYTES) {
            throw new MalformedMessageException("Image.byte_count is out of range: " + Long.toUnsignedString(count));
        }
        return valid("Image.sha256", () -> EncodedImage.elsewhere(proto.getSha256(), (int) count));
    }

    private static EncodedImage checked(Image proto) {
        EncodedImage image = EncodedImage.of(proto.getData().toByteArray());
        if (!image.sha256().equals(proto.getSha256())) {
            throw new MalformedMessageException(
                    "Image.sha256 is " + proto.getSha256() + ", but the data hash to " + image.sha256());
        }
        if (proto.getByteCount() != 0 && proto.getByteCount() != image.byteCount()) { // 0 in logs of earlier releases
            throw new MalformedMessageException("Image.byte_count is %s, but there are %d bytes"
                    .formatted(Long.toUnsignedString(proto.getByteCount()), image.byteCount()));
        }
        return image;
    }
}
