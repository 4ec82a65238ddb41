package io.railhead.actors.cluster.gate;

/// What came from a peer is not let in; the connection ends. Unchecked, so that Pekko's TLS stage fails the
/// connection as a whole, with this exception, and says so where the peer's address is known.
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RefusedException(String why) {
        super(why, null, false, false); // a hostile peer should not cost a stack trace each time
    }
}
