package io.railhead.actors.weights.delta;

import java.io.IOException;

/// What came is not what was promised, or makes no sense; the message names what is wrong. Nothing of it is used.
public final class DamagedWeightsException extends IOException {
    private static final long serialVersionUID = 1;

    public DamagedWeightsException(String message) {
        super(message);
    }

    public DamagedWeightsException(String message, Throwable cause) {
        super(message, cause);
    }
}
