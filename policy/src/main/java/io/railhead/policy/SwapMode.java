package io.railhead.policy;

import java.util.Locale;

/// What happens to running sequences when an engine takes new weights at a token boundary.
public enum SwapMode {
    /// They go on with the keys and values that older weights computed.
    KEEP_CACHE,
    /// Their keys and values are computed again by the new weights before the next token.
    RECOMPUTE,
    /// They finish with the old weights; what waits starts with the new ones.
    DRAIN;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
