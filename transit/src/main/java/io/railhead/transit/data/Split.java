package io.railhead.transit.data;

import java.util.Locale;

/// Trained on, or held out. No network is in both.
public enum Split {
    TRAIN,
    TEST;

    /// The split that a published city is in; any other city is trained on.
    public static Split ofCity(String city) {
        return Cities.splitOf(city);
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
