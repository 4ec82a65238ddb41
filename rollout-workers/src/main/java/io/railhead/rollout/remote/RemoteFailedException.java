package io.railhead.rollout.remote;

/// The server could not be reached, refused, or answered what makes no sense. The message names the server.
public final class RemoteFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RemoteFailedException(String message) {
        super(message);
    }

    RemoteFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
