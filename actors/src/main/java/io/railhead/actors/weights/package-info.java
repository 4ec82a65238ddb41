/// Which node has which weights, and when: a store per node, a publisher beside the learner, a follower per node.
///
/// Contents go by reference in one JVM, through the store; between nodes through the weights port, from node to node in
/// a tree; only manifests are told. What is served was verified: byte count and root are those of the manifest.
///
/// Knows: `actors.protocol`, weights as bytes. Does not know: engines, how weights are made or used.
@NullMarked
package io.railhead.actors.weights;

import org.jspecify.annotations.NullMarked;
