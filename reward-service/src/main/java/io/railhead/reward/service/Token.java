package io.railhead.reward.service;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The bearer token that callers must show, if there is one. Comparing takes the same time however much is right.
record Token(Optional<String> expected) {
    private static final String SCHEME = "Bearer ";

    /// @param header the `Authorization` of a request
    /// @throws Refusal if it does not show the token
    void check(@Nullable String header) {
        if (expected.isPresent() && !matches(header == null ? "" : header)) {
            throw new Refusal(Refusal.Kind.UNAUTHORISED, "the Authorization header must be 'Bearer ' and the token");
        }
    }

    private boolean matches(String header) {
        return MessageDigest.isEqual(
                header.getBytes(StandardCharsets.UTF_8),
                (SCHEME + expected.orElseThrow()).getBytes(StandardCharsets.UTF_8));
    }
}
