package io.railhead.actors.pictures;

import io.railhead.policy.EncodedImage;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Pictures that this node got from another, by their hash. Thread-safe.
///
/// Invariants: it never holds more than `capacity` bytes; what was used last stays longest; a picture that alone is
/// bigger is not kept. What is put away is not lost to whoever uses it: they hold the picture themselves.
public final class PictureShelf {
    private final long capacity;
    private final Map<String, EncodedImage> held = new LinkedHashMap<>(16, 0.75f, true); // by use; guarded by this
    private long bytes;

    /// @param capacity in bytes of encoded pictures; 0 keeps none
    public PictureShelf(long capacity) {
        if (capacity < 0) {
            throw new IllegalArgumentException("a capacity is not negative: " + capacity);
        }
        this.capacity = capacity;
    }

    public synchronized Optional<EncodedImage> find(String sha256) {
        return Optional.ofNullable(held.get(sha256));
    }

    /// @throws IllegalArgumentException if the picture's bytes are elsewhere
    public synchronized void put(EncodedImage picture) {
        if (!picture.isHere()) {
            throw new IllegalArgumentException(picture + " has no bytes to keep");
        }
        if (picture.byteCount() > capacity || held.putIfAbsent(picture.sha256(), picture) != null) {
            return;
        }
        bytes += picture.byteCount();
        Iterator<EncodedImage> eldest = held.values().iterator();
        while (bytes > capacity) {
            bytes -= eldest.next().byteCount();
            eldest.remove();
        }
    }

    public synchronized long bytes() {
        return bytes;
    }
}
