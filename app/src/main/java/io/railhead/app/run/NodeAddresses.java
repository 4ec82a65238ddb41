package io.railhead.app.run;

import java.net.URI;
import java.util.Optional;

/// Where a cluster node is found.
///
/// @param cluster HOST:PORT, as others name it in `seed-nodes`
/// @param status of HTTP with everything, unless that is off
/// @param health of HTTP for probes
public record NodeAddresses(String cluster, Optional<URI> status, Optional<URI> health) {}
