package io.railhead.app.run;

import java.nio.file.Path;

/// A run that broke in an unforeseen way. The stack trace is in its log.
public final class RunFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Path log;

    RunFailedException(Path log, Exception cause) {
        super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
        this.log = log;
    }

    public Path log() {
        return log;
    }
}
