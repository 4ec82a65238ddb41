package io.railhead.reward;

import java.util.LinkedHashMap;

/// The answer keys that were read last. All rollouts of a prompt come with the same text, and reading it costs more
/// than scoring them. Bounded; safe to share between threads.
final class ReadKeys {
    private final int most;
    private final LinkedHashMap<String, ScoringKey> keys = new LinkedHashMap<>(16, 0.75f, true);

    ReadKeys(int most) {
        this.most = most;
    }

    /// The same object as long as it is kept.
    ///
    /// @throws io.railhead.transit.InvalidDataException if the text is no answer key
    synchronized ScoringKey of(String json) {
        ScoringKey known = keys.get(json);
        if (known != null) {
            return known;
        }
        ScoringKey key = ScoringKey.of(json);
        keys.put(json, key);
        if (keys.size() > most) {
            keys.pollFirstEntry(); // the one that was asked for longest ago
        }
        return key;
    }

    synchronized int size() {
        return keys.size();
    }
}
