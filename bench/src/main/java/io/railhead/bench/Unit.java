package io.railhead.bench;

/// What a figure counts, and how it follows from units done and nanoseconds taken: units a time or time a unit.
record Unit(String text, boolean rate, double nanosPerTime) {
    static Unit perSecond(String things) {
        return new Unit(things + "/s", true, 1e9);
    }

    static Unit millisecondsPer(String thing) {
        return new Unit("ms/" + thing, false, 1e6);
    }

    /// Processor time, not time on the wall.
    static Unit processorMicrosecondsPer(String thing) {
        return new Unit("us CPU/" + thing, false, 1e3);
    }

    static Unit gigabytesPerSecond() {
        return new Unit("GB/s", true, 1e9);
    }

    static Unit percent() {
        return new Unit("%", true, 1);
    }

    /// A ratio of two medians.
    static Unit times() {
        return new Unit("x", true, 1);
    }

    /// Bytes by the bytes of one.
    static Unit copies() {
        return new Unit("copies", true, 1);
    }

    double of(long units, long nanos) {
        double time = nanos / nanosPerTime;
        return rate ? units / time : time / units;
    }
}
