package io.railhead.actors.cluster;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/// How tests of nodes with TLS let go of them.
///
/// A node that another one quarantines while its own connections end does not always come to an end: Pekko then waits
/// for streams that have failed. Users of nodes go on after a deadline, as `Node.stop` lets them, and so do these
/// tests.
final class Ending {
    private static final Duration DEADLINE = Duration.ofSeconds(25);

    private Ending() {}

    static void of(Node<?> node) throws InterruptedException {
        try {
            node.stop(DEADLINE);
        } catch (TimeoutException e) {
            node.system().log().info("{} has not ended", node.address(), e);
        }
    }
}
