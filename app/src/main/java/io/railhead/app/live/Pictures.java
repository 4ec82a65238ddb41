package io.railhead.app.live;

import io.railhead.policy.EncodedImage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.MediaTypes;

/// The pictures that were named last, by their SHA-256, up to a number of bytes. Thread-safe.
final class Pictures {
    private final long mostBytes;
    private final Map<String, EncodedImage> held = new LinkedHashMap<>(); // the one that was named longest ago is first
    private long bytes;

    Pictures(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    synchronized void put(EncodedImage picture) {
        if (!picture.isHere() || picture.byteCount() > mostBytes) {
            return;
        }
        remove(picture.sha256());
        held.put(picture.sha256(), picture);
        bytes += picture.byteCount();
        while (bytes > mostBytes) {
            remove(held.keySet().iterator().next());
        }
    }

    synchronized Optional<byte[]> of(String sha256) {
        return Optional.ofNullable(held.get(sha256)).map(EncodedImage::toByteArray);
    }

    private void remove(String sha256) {
        EncodedImage gone = held.remove(sha256);
        if (gone != null) {
            bytes -= gone.byteCount();
        }
    }

    /// By the first bytes.
    static ContentType typeOf(byte[] picture) {
        if (picture.length > 3 && picture[0] == (byte) 0x89 && picture[1] == 'P') {
            return MediaTypes.IMAGE_PNG.toContentType();
        }
        if (picture.length > 3 && picture[0] == (byte) 0xff && picture[1] == (byte) 0xd8) {
            return MediaTypes.IMAGE_JPEG.toContentType();
        }
        if (picture.length > 3 && picture[0] == 'R' && picture[1] == 'I') {
            return MediaTypes.IMAGE_WEBP.toContentType();
        }
        return ContentTypes.APPLICATION_OCTET_STREAM;
    }
}
