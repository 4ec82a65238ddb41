package io.railhead.actors.weights;

import io.railhead.actors.protocol.WeightsCommand.ToFollower.WeightsPublished;
import io.railhead.policy.PolicyVersion;
import java.util.Optional;

/// What a follower keeps, fetches and has waiting: its rules, without actors. Immutable.
///
/// One fetch at a time; of the manifests that come meanwhile only the newest waits. Invariant: `kept` never goes back.
///
/// @param kept what the workers serve or will serve next
/// @param verified whether `kept` came through this follower; if not, the workers started with it
record Staging(
        PolicyVersion kept, boolean verified, Optional<WeightsPublished> fetching, Optional<WeightsPublished> waiting) {
    sealed interface Decision {
        /// Fetch it now.
        record Fetch(WeightsPublished published) implements Decision {}

        /// It is staged already: say so again.
        record Repeat() implements Decision {}

        /// A newer one is kept.
        record GoesBack() implements Decision {}

        /// Nothing now.
        record Wait() implements Decision {}
    }

    record Step(Staging next, Decision decision) {}

    static Staging startingWith(PolicyVersion serving) {
        return new Staging(serving, false, Optional.empty(), Optional.empty());
    }

    Step offered(WeightsPublished published) {
        int order = versionOf(published).compareTo(kept);
        if (order < 0) {
            return new Step(this, new Decision.GoesBack());
        }
        if (order == 0 && verified) {
            return new Step(this, new Decision.Repeat());
        }
        if (fetching.isEmpty()) {
            return new Step(
                    new Staging(kept, verified, Optional.of(published), Optional.empty()),
                    new Decision.Fetch(published));
        }
        boolean newer = waiting.or(() -> fetching)
                .filter(ahead -> versionOf(published).compareTo(versionOf(ahead)) > 0)
                .isPresent();
        return new Step(
                newer ? new Staging(kept, verified, fetching, Optional.of(published)) : this, new Decision.Wait());
    }

    /// The fetch ended well: this version is kept from now on.
    Step fetched(PolicyVersion version) {
        return onward(version, true);
    }

    /// The fetch ended badly: what was kept is kept.
    Step failed() {
        return onward(kept, verified);
    }

    private static PolicyVersion versionOf(WeightsPublished published) {
        return published.manifest().version();
    }

    private Step onward(PolicyVersion nowKept, boolean nowVerified) {
        Staging next = new Staging(nowKept, nowVerified, waiting, Optional.empty());
        return new Step(next, waiting.<Decision>map(Decision.Fetch::new).orElseGet(Decision.Wait::new));
    }
}
