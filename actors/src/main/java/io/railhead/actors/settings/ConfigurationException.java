package io.railhead.actors.settings;

/// The user's configuration cannot be used. The message names the key, its value and what is allowed.
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigurationException(String message) {
        super(message);
    }

    public ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
