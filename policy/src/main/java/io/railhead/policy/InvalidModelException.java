package io.railhead.policy;

import java.io.IOException;
import java.nio.file.Path;

/// A model folder or weights file that cannot be used: the message names the file and what is wrong in it.
public final class InvalidModelException extends IOException {
    private static final long serialVersionUID = 1L;

    public InvalidModelException(Path file, String defect) {
        super(file + ": " + defect);
    }

    public InvalidModelException(Path file, String defect, Throwable cause) {
        super(file + ": " + defect, cause);
    }
}
