package io.railhead.app.replay;

import io.railhead.policy.PolicyVersion;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Holds the weights that a replay made against those that the learner said it had, version by version. Not
/// thread-safe.
///
/// Either may come first: what the learner said of a version may be in the log before its step and after it.
final class RootCheck {
    private static final int REMEMBERED = 64; // versions; a fact that comes later than that is lost

    private final NavigableMap<PolicyVersion, String> replayed = new TreeMap<>();
    private final NavigableMap<PolicyVersion, String> recorded = new TreeMap<>();
    private Optional<PolicyVersion> firstDifferent = Optional.empty();
    private long same;
    private long counted = -1;

    void replayed(PolicyVersion version, String root) {
        replayed.put(version, root);
        compare(version);
        if (replayed.size() > REMEMBERED) {
            replayed.pollFirstEntry();
        }
    }

    void recorded(PolicyVersion version, String root) {
        recorded.put(version, root);
        compare(version);
        if (recorded.size() > REMEMBERED) {
            recorded.pollFirstEntry();
        }
    }

    /// Versions whose weights are those that the learner had.
    long same() {
        return same;
    }

    Optional<PolicyVersion> firstDifferent() {
        return firstDifferent;
    }

    private void compare(PolicyVersion version) {
        String now = replayed.get(version);
        String before = recorded.get(version);
        if (now == null || before == null) {
            return;
        }
        recorded.remove(version); // the next life says it of the same version again
        if (now.equals(before)) {
            same += version.number() > counted ? 1 : 0;
            counted = Math.max(counted, version.number());
        } else if (firstDifferent.isEmpty()) {
            firstDifferent = Optional.of(version);
        }
    }
}
