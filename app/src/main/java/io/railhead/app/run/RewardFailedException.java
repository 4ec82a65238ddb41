package io.railhead.app.run;

/// A scoring function of somebody's own does not work; the message names the question and what it did.
public final class RewardFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RewardFailedException(String message) {
        super(message);
    }
}
