package io.railhead.actors.protocol;

import io.railhead.policy.PolicyVersion;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/// The conversation of weight distribution. Contents go by reference or through the weights port; only manifests are
/// told.
public final class WeightsCommand {
    private WeightsCommand() {}

    /// What a follower gets and checks.
    ///
    /// @param root names the contents, see `WeightsManifest.root` on the wire
    /// @param location of the publisher's node: "memory:" in one JVM, else HOST:PORT of its weights port
    public record Manifest(PolicyVersion version, String root, long byteCount, String location) {}

    /// A published version by the root of its contents.
    public record Link(PolicyVersion version, String root) {}

    /// What the publisher hears.
    public sealed interface ToPublisher {
        /// From the learner: version and place of the newest weights.
        record Publish(Manifest manifest) implements ToPublisher {}

        /// From a follower that starts, or has heard nothing for a while: the newest manifest is told to it, unless it
        /// has acknowledged it.
        ///
        /// @param address of the follower's node, as in a manifest's location: others are sent there
        record Follow(String followerId, String address, ActorRef<ToFollower> follower)
                implements ToPublisher, ControlMessage {}

        /// From a follower: staged and verified.
        record Staged(String followerId, PolicyVersion version) implements ToPublisher, ControlMessage {}

        /// From a follower: not usable; it keeps serving `kept`.
        record Refused(String followerId, PolicyVersion version, PolicyVersion kept, String cause)
                implements ToPublisher, ControlMessage {}

        non-sealed interface Internal extends ToPublisher {}
    }

    /// What a follower hears.
    public sealed interface ToFollower {
        /// @param chain what was published before, the latest first: from each of them deltas lead to this version, one
        ///     to the next; empty to ask for a snapshot
        /// @param sources HOST:PORT of the nodes to ask, in this order; empty if the contents are in this JVM
        record WeightsPublished(Manifest manifest, List<Link> chain, List<String> sources)
                implements ToFollower, WireMessage {
            public WeightsPublished {
                chain = List.copyOf(chain);
                sources = List.copyOf(sources);
            }
        }

        non-sealed interface Internal extends ToFollower {}
    }
}
