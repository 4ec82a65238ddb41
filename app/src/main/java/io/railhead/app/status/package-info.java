/// How a node tells others how it is: over HTTP, as JSON, as metrics, and as answers to probes.
///
/// Knows: the conversations of actors, the cluster's membership, the live page. Does not know: how a run is put
/// together, and changes
/// nothing about it.
@NullMarked
package io.railhead.app.status;

import org.jspecify.annotations.NullMarked;
