package io.railhead.app.stale;

/// One run: a preset of the learner, how many train steps old the weights are that responses are sampled with, and a
/// seed.
public record StaleArm(String preset, int staleness, long seed) {
    @Override
    public String toString() {
        return "%s, %d stale, seed %d".formatted(preset, staleness, seed);
    }
}
