package io.railhead.actors.incarnation;

import io.railhead.actors.protocol.Incarnation;
import java.io.IOException;

/// A life wanted to write into the run directory after another one had begun. Nothing was written.
public final class FencedException extends IOException {
    private static final long serialVersionUID = 1L;

    public FencedException(Incarnation fenced) {
        super("%s of the run is over: another one has begun".formatted(fenced));
    }
}
