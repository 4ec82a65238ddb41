/// The gate between nodes: which certificate may send what. It stands where Artery's TLS connections are
/// decrypted, the one place that sees both the peer's certificate and its messages, and before anything is
/// deserialised.
///
/// Knows: Artery's frames, the messages and the roles. Does not know: what a message does.
@NullMarked
package io.railhead.actors.cluster.gate;

import org.jspecify.annotations.NullMarked;
