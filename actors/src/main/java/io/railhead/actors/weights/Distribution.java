package io.railhead.actors.weights;

import io.railhead.actors.protocol.WeightsCommand.Manifest;
import io.railhead.policy.PolicyVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Who has acknowledged which version: the publisher's rules, without actors or a clock. Immutable.
record Distribution(Optional<Manifest> newest, SortedMap<String, Follower> followers) {
    static final Distribution EMPTY = new Distribution(Optional.empty(), new TreeMap<>());

    /// @param staged the newest version that it acknowledged
    /// @param behindSince since when a newer version is told and not acknowledged; empty when it is up to date
    /// @param warned whether this lag was reported
    record Follower(Optional<PolicyVersion> staged, Optional<Instant> behindSince, boolean warned) {}

    record Lag(String followerId, Optional<PolicyVersion> staged, PolicyVersion newest, Duration behind) {}

    record Lags(Distribution next, List<Lag> found) {}

    Distribution {
        followers = Collections.unmodifiableSortedMap(new TreeMap<>(followers));
    }

    boolean isNewer(Manifest manifest) {
        return newest.map(n -> manifest.version().compareTo(n.version()) > 0).orElse(true);
    }

    Distribution published(Manifest manifest, Instant now) {
        SortedMap<String, Follower> after = new TreeMap<>(followers);
        after.replaceAll((id, f) -> new Follower(f.staged(), f.behindSince().or(() -> Optional.of(now)), f.warned()));
        return new Distribution(Optional.of(manifest), after);
    }

    Distribution joined(String id, Instant now) {
        return with(id, new Follower(Optional.empty(), newest.map(n -> now), false));
    }

    Distribution left(String id) {
        SortedMap<String, Follower> after = new TreeMap<>(followers);
        after.remove(id);
        return new Distribution(newest, after);
    }

    /// An acknowledgement of an older version is kept, but leaves the follower behind. Strangers are ignored.
    Distribution staged(String id, PolicyVersion version) {
        Follower before = followers.get(id);
        if (before == null
                || before.staged().map(s -> version.compareTo(s) <= 0).orElse(false)) {
            return this;
        }
        boolean upToDate = newest.map(n -> version.compareTo(n.version()) >= 0).orElse(true);
        return with(
                id,
                new Follower(
                        Optional.of(version),
                        upToDate ? Optional.empty() : before.behindSince(),
                        !upToDate && before.warned()));
    }

    /// Whether a follower has acknowledged this version or a later one.
    boolean hasStaged(String id, PolicyVersion version) {
        return Optional.ofNullable(followers.get(id)).flatMap(Follower::staged).stream()
                .anyMatch(staged -> staged.compareTo(version) >= 0);
    }

    /// How many followers have acknowledged the newest version.
    long upToDate() {
        return followers.values().stream()
                .filter(f -> f.behindSince().isEmpty())
                .count();
    }

    /// All followers, those with the newest weights first, else by their ids.
    List<String> followersByVersion() {
        return followers.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, Follower> entry) -> entry.getValue()
                                .staged()
                                .map(PolicyVersion::number)
                                .orElse(-1L))
                        .reversed())
                .map(Map.Entry::getKey)
                .toList();
    }

    /// Followers that are behind for longer than the deadline, each reported once until it has caught up.
    Lags lagging(Instant now, Duration deadline) {
        Distribution next = this;
        List<Lag> found = new ArrayList<>();
        for (var entry : followers.entrySet()) {
            Follower f = entry.getValue();
            Duration behind =
                    f.behindSince().map(since -> Duration.between(since, now)).orElse(Duration.ZERO);
            if (!f.warned() && behind.compareTo(deadline) > 0) {
                found.add(
                        new Lag(entry.getKey(), f.staged(), newest.orElseThrow().version(), behind));
                next = next.with(entry.getKey(), new Follower(f.staged(), f.behindSince(), true));
            }
        }
        return new Lags(next, List.copyOf(found));
    }

    private Distribution with(String id, Follower follower) {
        SortedMap<String, Follower> after = new TreeMap<>(followers);
        after.put(id, follower);
        return new Distribution(newest, after);
    }
}
