package io.railhead.learner;

import io.railhead.actors.settings.StrictConfig;
import io.railhead.policy.PolicyVersion;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.OptionalDouble;
import java.util.TreeSet;

/// Which checkpoints of a run stay when a newer one is durable: those that one of three rules keeps.
///
/// @param last the newest ones, at least 1
/// @param every those of versions that this divides; 0 = none
/// @param best the ones with the highest score; of equal ones the newer
/// @param bestBy the metric of train steps that is the score: its mean over the steps since the commit before
public record Retention(int last, long every, int best, String bestBy) {
    private static final String USUAL_METRIC = "reward/mean";

    public Retention {
        if (last < 1) {
            throw new IllegalArgumentException("at least one checkpoint is kept: " + last);
        }
        if (every < 0 || best < 0) {
            throw new IllegalArgumentException("every %d, best %d: neither can be negative".formatted(every, best));
        }
    }

    /// The newest ones alone.
    public static Retention last(int count) {
        return new Retention(count, 0, 0, USUAL_METRIC);
    }

    /// The section `railhead.learner.checkpoints`.
    static Retention from(StrictConfig section) {
        return new Retention(
                section.integer("keep-last", 1, 1_000_000),
                section.longInteger("keep-every", 0, Long.MAX_VALUE),
                section.integer("keep-best", 0, 1_000_000),
                section.text("best-by"));
    }

    /// @param scores of all commits; those without a score are never among the best
    NavigableSet<PolicyVersion> kept(NavigableMap<PolicyVersion, OptionalDouble> scores) {
        NavigableSet<PolicyVersion> kept = new TreeSet<>();
        scores.descendingKeySet().stream().limit(last).forEach(kept::add);
        scores.keySet().stream()
                .filter(version -> every > 0 && version.number() % every == 0)
                .forEach(kept::add);
        scores.entrySet().stream()
                .filter(entry -> entry.getValue().isPresent())
                .sorted(Comparator.<Map.Entry<PolicyVersion, OptionalDouble>>comparingDouble(
                                entry -> entry.getValue().getAsDouble())
                        .thenComparing(Map.Entry::getKey)
                        .reversed())
                .limit(best)
                .map(Map.Entry::getKey)
                .forEach(kept::add);
        return kept;
    }
}
