package io.railhead.reward.service;

/// The service cannot start as it was asked to: a port is taken, a file is missing. The message names it.
public final class ServiceStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ServiceStartException(String message) {
        super(message);
    }

    ServiceStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
