package io.railhead.reward;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// Which prompts broke the scoring function how often. Keeps the latest [#LIMIT] of them.
record Quarantine(int strikes, SequencedMap<String, Integer> counts) {
    static final int LIMIT = 1000;

    Quarantine {
        counts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(counts));
    }

    static Quarantine of(int strikes) {
        return new Quarantine(strikes, new LinkedHashMap<>());
    }

    boolean holds(String promptId) {
        return counts.getOrDefault(promptId, 0) >= strikes;
    }

    Quarantine struck(String promptId) {
        LinkedHashMap<String, Integer> next = new LinkedHashMap<>(counts);
        int count = counts.getOrDefault(promptId, 0) + 1;
        next.remove(promptId);
        next.put(promptId, count);
        if (next.size() > LIMIT) {
            next.pollFirstEntry();
        }
        return new Quarantine(strikes, next);
    }
}
