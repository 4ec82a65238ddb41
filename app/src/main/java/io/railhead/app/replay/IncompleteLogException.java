package io.railhead.app.replay;

/// A run's log lacks something without which a train step cannot be done again. The message names the step and what
/// is missing.
public final class IncompleteLogException extends Exception {
    private static final long serialVersionUID = 1L;

    public IncompleteLogException(String message) {
        super(message);
    }

    IncompleteLogException(String message, Exception cause) {
        super(message, cause);
    }
}
