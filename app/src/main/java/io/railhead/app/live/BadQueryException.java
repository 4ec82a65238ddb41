package io.railhead.app.live;

/// What follows the question mark cannot be taken; the message names the parameter.
final class BadQueryException extends Exception {
    private static final long serialVersionUID = 1L;

    BadQueryException(String message) {
        super(message);
    }
}
