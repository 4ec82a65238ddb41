package io.railhead.actors.incarnation;

import io.railhead.actors.protocol.Incarnation;
import io.railhead.policy.PolicyVersion;
import java.util.Optional;

/// What a life began with: the commit of version `from` that life `parent` made, or nothing.
public record Birth(Incarnation incarnation, Incarnation parent, Optional<PolicyVersion> from) {
    public Birth {
        if (parent.compareTo(incarnation) >= 0) {
            throw new IllegalArgumentException(incarnation + " cannot go on from " + parent);
        }
        if (from.isEmpty() && !parent.equals(Incarnation.NONE)) {
            throw new IllegalArgumentException(incarnation + " goes on from " + parent + ", but from no version");
        }
    }

    /// A life that begins with nothing.
    public static Birth anew(Incarnation incarnation) {
        return new Birth(incarnation, Incarnation.NONE, Optional.empty());
    }
}
