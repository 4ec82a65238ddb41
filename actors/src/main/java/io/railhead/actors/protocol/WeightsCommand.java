package io.railhead.actors.protocol;

import io.railhead.policy.PolicyVersion;
import org.apache.pekko.actor.typed.ActorRef;

/// The conversation of weight distribution. Contents go by reference; only manifests are told.
public final class WeightsCommand {
    private WeightsCommand() {}

    /// What a follower fetches and checks. `location` is "memory:" or "file:PATH".
    public record Manifest(PolicyVersion version, String sha256, long byteCount, String location) {}

    /// What the publisher hears.
    public sealed interface ToPublisher {
        /// From the learner: version and place of the newest weights.
        record Publish(Manifest manifest) implements ToPublisher {}

        /// From a follower that starts: the newest manifest is told to it at once.
        record Follow(String followerId, ActorRef<ToFollower> follower) implements ToPublisher, ControlMessage {}

        /// From a follower: staged and verified.
        record Staged(String followerId, PolicyVersion version) implements ToPublisher, ControlMessage {}

        /// From a follower: not usable; it keeps serving `kept`.
        record Refused(String followerId, PolicyVersion version, PolicyVersion kept, String cause)
                implements ToPublisher, ControlMessage {}

        non-sealed interface Internal extends ToPublisher {}
    }

    /// What a follower hears.
    public sealed interface ToFollower {
        record WeightsPublished(Manifest manifest) implements ToFollower, WireMessage {}

        non-sealed interface Internal extends ToFollower {}
    }
}
