package io.railhead.learner;

import java.nio.file.Path;

/// A checkpoint that could not be written or cannot be read. The message names the path and the cause.
public final class CheckpointException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Path path;
    private final String fault;

    public CheckpointException(Path path, String cause) {
        super("checkpoint " + path + ": " + cause);
        this.path = path;
        this.fault = cause;
    }

    public CheckpointException(Path path, Exception cause) {
        super("checkpoint " + path + ": " + cause, cause);
        this.path = path;
        this.fault = cause.toString();
    }

    /// The cause, without the path.
    public String fault() {
        return fault;
    }

    public Path path() {
        return path;
    }
}
