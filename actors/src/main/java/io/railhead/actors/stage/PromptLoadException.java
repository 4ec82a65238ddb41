package io.railhead.actors.stage;

/// A prompt of the catalogue cannot be read. The message names the thing.
public final class PromptLoadException extends Exception {
    private static final long serialVersionUID = 1L;

    public PromptLoadException(String message) {
        super(message);
    }

    public PromptLoadException(String message, Throwable cause) {
        super(message, cause);
    }
}
