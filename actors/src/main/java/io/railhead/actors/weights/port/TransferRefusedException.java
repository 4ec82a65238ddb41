package io.railhead.actors.weights.port;

import java.io.IOException;

/// The asked node does not have what was asked for. The message is its answer.
public final class TransferRefusedException extends IOException {
    private static final long serialVersionUID = 1;

    public TransferRefusedException(String message) {
        super(message);
    }
}
