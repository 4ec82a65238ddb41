package io.railhead.app.run;

/// Wrong use of the program: a missing file, a directory that holds another run, options that exclude each other.
/// The message is one line for the user and names the thing.
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }

    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
