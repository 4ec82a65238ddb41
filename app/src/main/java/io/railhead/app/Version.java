package io.railhead.app;

/// The version of this release.
public final class Version {
    public static final String TEXT = "0.1.0";

    private Version() {}
}
