package io.railhead.learner;

import java.nio.file.Path;

/// A checkpoint that could not be written or cannot be read. The message names the path and the cause.
public final class CheckpointException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Path path;

    public CheckpointException(Path path, String cause) {
        super("checkpoint " + path + ": " + cause);
        this.path = path;
    }

    public CheckpointException(Path path, Exception cause) {
        super("checkpoint " + path + ": " + cause, cause);
        this.path = path;
    }

    public Path path() {
        return path;
    }
}
