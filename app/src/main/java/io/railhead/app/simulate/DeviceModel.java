package io.railhead.app.simulate;

/// What generation costs on one rollout device, to the first order: a decode step reads the weights once
/// (`stepNanos`) and the cache of every running sequence (`cacheNanos` a token), and does a little for each
/// sequence; a prompt is prefilled alone, and decoding stands still meanwhile.
///
/// @param stepNanos of a decode step, whatever runs
/// @param sequenceNanos of a decode step, for each sequence
/// @param cacheNanos of a decode step, for each token in the cache
/// @param prefillTokensPerSecond of a prompt, once a group
public record DeviceModel(double stepNanos, double sequenceNanos, double cacheNanos, double prefillTokensPerSecond) {
    public DeviceModel {
        if (!(stepNanos >= 0 && sequenceNanos >= 0 && cacheNanos >= 0 && stepNanos + sequenceNanos > 0)) {
            throw new IllegalArgumentException(
                    "a decode step takes time: " + stepNanos + " + " + sequenceNanos + " ns");
        }
        if (!(prefillTokensPerSecond > 0)) {
            throw new IllegalArgumentException("prefill tokens per second are positive: " + prefillTokensPerSecond);
        }
    }

    /// Time of `steps` decode steps of `running` sequences that hold `cached` tokens before the first of them.
    long decodeNanos(long steps, int running, long cached) {
        double first = stepNanos + sequenceNanos * running + cacheNanos * cached;
        double growth = cacheNanos * running; // each step adds a token a sequence
        return (long) Math.ceil(steps * first + growth * steps * (steps - 1) / 2);
    }

    /// The most decode steps that fit into a time.
    long stepsWithin(long nanos, int running, long cached) {
        double first = stepNanos + sequenceNanos * running + cacheNanos * cached;
        double growth = cacheNanos * running;
        double b = first - growth / 2;
        double estimate = growth > 0 ? (-b + Math.sqrt(b * b + 2 * growth * nanos)) / growth : nanos / first;
        long steps = Math.max(0, (long) estimate);
        while (steps > 0 && decodeNanos(steps, running, cached) > nanos) {
            steps--;
        }
        while (decodeNanos(steps + 1, running, cached) <= nanos) {
            steps++;
        }
        return steps;
    }

    long prefillNanos(long tokens) {
        return (long) Math.ceil(tokens * 1e9 / prefillTokensPerSecond);
    }
}
