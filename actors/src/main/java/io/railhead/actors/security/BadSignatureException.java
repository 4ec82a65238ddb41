package io.railhead.actors.security;

import java.security.GeneralSecurityException;

/// A signature that does not prove what it should.
public final class BadSignatureException extends GeneralSecurityException {
    private static final long serialVersionUID = 1;

    public BadSignatureException(String why) {
        super("the signature does not count: " + why);
    }

    public BadSignatureException(String why, Exception cause) {
        super("the signature does not count: " + why, cause);
    }
}
