package io.railhead.app.crash;

/// The process ends here. An error, so that nobody who handles failures handles this one.
final class PowerCut extends Error {
    private static final long serialVersionUID = 1L;

    PowerCut(String at) {
        super("power cut at " + at, null, false, false);
    }
}
