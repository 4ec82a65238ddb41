package io.railhead.bench;

/// The command line does not say what to measure. The message is one line for the user.
final class UsageException extends Exception {
    UsageException(String message) {
        super(message);
    }
}
