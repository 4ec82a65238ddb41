package io.railhead.transit.data;

import java.util.Locale;

/// Trained on, or held out. No network is in both.
public enum Split {
    TRAIN,
    TEST;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
