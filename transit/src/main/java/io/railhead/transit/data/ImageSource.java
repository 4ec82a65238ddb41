package io.railhead.transit.data;

import java.io.IOException;

/// A picture that is made or read when it is needed. Two items with one picture hold the same source.
public interface ImageSource {
    /// Unique within a data set.
    String name();

    /// The picture as PNG or JPEG, the same bytes on each call. May be called by any thread.
    byte[] load() throws IOException;
}
