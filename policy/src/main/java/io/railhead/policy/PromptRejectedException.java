package io.railhead.policy;

/// A prompt that this policy cannot take: an unreadable picture, more tokens than fit. The message names the thing.
public final class PromptRejectedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PromptRejectedException(String message) {
        super(message);
    }

    public PromptRejectedException(String message, Throwable cause) {
        super(message, cause);
    }
}
