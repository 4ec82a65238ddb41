package io.railhead.actors.cluster.gate;

import javax.net.ssl.SSLException;

/// A connection that came to no certificate. Its peer has no name but its address, which Pekko's TCP stage
/// knows and says together with this exception: [RefusedConnections] hears that.
final class UnnamedPeerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnnamedPeerException(SSLException cause) {
        super(cause.getMessage(), cause, false, false);
    }
}
