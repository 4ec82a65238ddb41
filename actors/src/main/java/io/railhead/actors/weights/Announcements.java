package io.railhead.actors.weights;

import io.railhead.actors.protocol.WeightsCommand.Link;
import io.railhead.actors.weights.WeightsStore.Held;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What other nodes were told of, and the chain of deltas that leads there. Immutable.
///
/// @param last what was announced last
/// @param chain what was announced before it and is connected with it by deltas, the latest first
/// @param underway whether an encoding is
record Announcements(Optional<Held> last, List<Link> chain, boolean underway) {
    static final Announcements NONE = new Announcements(Optional.empty(), List.of(), false);

    Announcements {
        chain = List.copyOf(chain);
    }

    boolean wants(Held newest) {
        return !underway
                && last.map(l -> newest.snapshot()
                                        .version()
                                        .compareTo(l.snapshot().version())
                                > 0)
                        .orElse(true);
    }

    Announcements encoding() {
        return new Announcements(last, chain, true);
    }

    Announcements failed() {
        return new Announcements(last, chain, false);
    }

    /// @param asDelta whether a delta leads from the last announcement to this one; if not, the chain begins anew
    Announcements encoded(Held held, boolean asDelta, int longest) {
        List<Link> links = asDelta
                ? Stream.concat(last.stream().map(l -> new Link(l.snapshot().version(), l.root())), chain.stream())
                        .limit(longest)
                        .toList()
                : List.of();
        return new Announcements(Optional.of(held), links, false);
    }
}
