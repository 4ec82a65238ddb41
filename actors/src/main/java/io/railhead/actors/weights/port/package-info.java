/// The weights port: snapshots and deltas from node to node over TCP, beside the actors' own traffic.
///
/// A server hands out what its node holds; a client asks for one hop and gives it out verified. All input is bounded
/// and every wait has a deadline.
///
/// Knows: transfers, sockets, TLS if it is given a context. Does not know: actors, who ought to ask whom.
@NullMarked
package io.railhead.actors.weights.port;

import org.jspecify.annotations.NullMarked;
