/// A node: the actor system of one JVM, alone or in a cluster, its roles, and how actors find each other.
///
/// Knows: Pekko's configuration and life cycle. Does not know: which actors run on a node.
@NullMarked
package io.railhead.actors.cluster;

import org.jspecify.annotations.NullMarked;
