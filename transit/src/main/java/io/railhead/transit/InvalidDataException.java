package io.railhead.transit;

import org.jspecify.annotations.Nullable;

/// Data that was handed to us is not what it should be. The message names the file or key and says what is wrong.
public final class InvalidDataException extends RuntimeException {
    public InvalidDataException(String message) {
        super(message);
    }

    public InvalidDataException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
